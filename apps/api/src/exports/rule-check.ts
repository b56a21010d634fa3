import type { ExportReport } from '@labelyard/contract';
import type { ExportedFile, Format, ImportFile } from '@labelyard/formats';

/** Text that is held to be checked when the export is written; of larger exports the rules are not checked. */
const MOST_BYTES = 8 * 1024 * 1024;
const MOST_FILES = 20_000;
const MOST_ISSUES = 20;

type CheckAnswer = NonNullable<ExportReport['check']>;

/** Keeps what an export writes, as long as it is small, and asks the checker of the format what it thinks of it. */
export class RuleCheck {
  private readonly files: ImportFile[] = [];
  private bytes = 0;
  private skipped = false;

  constructor(private readonly format: Pick<Format, 'check'>) {}

  /** The chunks of a file, looked at as they pass. */
  async *watch({ path, chunks }: ExportedFile): AsyncGenerator<string | Uint8Array> {
    const held: Uint8Array[] = [];
    this.add(path, held);
    for await (const chunk of chunks) {
      if (!this.skipped) {
        const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : Uint8Array.from(chunk);
        this.bytes += bytes.length;
        held.push(bytes);
        if (this.bytes > MOST_BYTES) this.giveUp();
      }
      yield chunk;
    }
  }

  /** Of pictures only the place matters. */
  picture(path: string): void {
    this.add(path, []);
  }

  async answer(): Promise<CheckAnswer> {
    if (this.skipped) return { status: 'skipped', count: 0, issues: [] };
    const found = await this.format.check(this.files);
    return {
      status: found.some(({ severity }) => severity === 'error') ? 'failed' : 'passed',
      count: found.length,
      issues: found.slice(0, MOST_ISSUES).map(({ severity, code, file, line, path, message }) => ({
        ...{ severity, code, file, message },
        ...(line !== undefined && { line }),
        ...(path !== undefined && { path }),
      })),
    };
  }

  private add(path: string, held: Uint8Array[]): void {
    if (this.skipped) return;
    this.files.push({
      path,
      async *chunks() {
        yield* held;
      },
    });
    if (this.files.length > MOST_FILES) this.giveUp();
  }

  private giveUp(): void {
    this.skipped = true;
    this.files.length = 0;
  }
}
