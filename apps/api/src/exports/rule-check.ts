import type { ExportReport } from '@labelyard/contract';
import type { ExportedFile, FileChunks, Format, ImportFile } from '@labelyard/formats';

/** Text that is held to be checked when the export is written; of larger exports the rules are not checked. */
const MOST_BYTES = 8 * 1024 * 1024;
const MOST_FILES = 20_000;
const MOST_ISSUES = 20;

type CheckAnswer = NonNullable<ExportReport['check']>;

interface HeldFile {
  readonly path: string;
  readonly held: readonly Uint8Array[];
}

/** Keeps what an export writes, as long as it is small, and asks the checker of the format what it thinks of it. */
export class RuleCheck {
  private readonly files: HeldFile[] = [];
  private bytes = 0;
  private skipped = false;

  constructor(private readonly format: Pick<Format, 'check'>) {}

  /** The chunks of a file, looked at as they pass. */
  watch({ path, chunks }: ExportedFile): FileChunks {
    if (this.skipped) return chunks;
    const held: Uint8Array[] = [];
    this.add(path, held);
    const at_once: readonly (string | Uint8Array)[] | null = Array.isArray(chunks) ? chunks : null;
    if (!at_once) return this.passing(chunks, held);
    for (const chunk of at_once) this.hold(chunk, held);
    return at_once;
  }

  private async *passing(chunks: FileChunks, held: Uint8Array[]): AsyncGenerator<string | Uint8Array> {
    for await (const chunk of chunks) {
      this.hold(chunk, held);
      yield chunk;
    }
  }

  private hold(chunk: string | Uint8Array, held: Uint8Array[]): void {
    if (this.skipped) return;
    // Small ones share memory: there may be thousands.
    const bytes = Buffer.from(chunk as Uint8Array);
    this.bytes += bytes.length;
    held.push(bytes);
    if (this.bytes > MOST_BYTES) this.giveUp();
  }

  /** Of pictures only the place matters. */
  picture(path: string): void {
    this.add(path, []);
  }

  async answer(): Promise<CheckAnswer> {
    if (this.skipped) return { status: 'skipped', count: 0, issues: [] };
    const found = await this.format.check(this.files.map(fileOf));
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
    this.files.push({ path, held });
    if (this.files.length > MOST_FILES) this.giveUp();
  }

  private giveUp(): void {
    this.skipped = true;
    this.files.length = 0;
  }
}

function fileOf({ path, held }: HeldFile): ImportFile {
  return {
    path,
    async *chunks() {
      yield* held;
    },
  };
}
