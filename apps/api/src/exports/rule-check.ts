import type { ExportReport } from '@labelyard/contract';
import type { ExportedFile, FileChunks, Format, ImportFile } from '@labelyard/formats';
import { borrowMemory, giveBackMemory } from './borrowed-memory.js';

/** Text that is held to be checked when the export is written; of larger exports the rules are not checked. */
const MOST_BYTES = 8 * 1024 * 1024;
const MOST_FILES = 20_000;
const MOST_ISSUES = 20;

type CheckAnswer = NonNullable<ExportReport['check']>;

interface HeldFile {
  readonly path: string;
  /** Where its bytes are among all that are held. */
  readonly from: number;
  to: number;
}

/** Keeps what an export writes, as long as it is small, and asks the checker of the format what it thinks of it. */
export class RuleCheck {
  private readonly files: HeldFile[] = [];
  private readonly held = borrowMemory(MOST_BYTES);
  private bytes = 0;
  private skipped = false;

  constructor(private readonly format: Pick<Format, 'check'>) {}

  /** The chunks of a file, looked at as they pass. */
  watch({ path, chunks }: ExportedFile): FileChunks {
    if (this.skipped) return chunks;
    const file = this.add(path);
    const at_once: readonly (string | Uint8Array)[] | null = Array.isArray(chunks) ? chunks : null;
    if (!at_once) return this.passing(chunks, file);
    for (const chunk of at_once) this.hold(chunk, file);
    return at_once;
  }

  private async *passing(chunks: FileChunks, file: HeldFile): AsyncGenerator<string | Uint8Array> {
    for await (const chunk of chunks) {
      this.hold(chunk, file);
      yield chunk;
    }
  }

  private hold(chunk: string | Uint8Array, file: HeldFile): void {
    if (this.skipped) return;
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    if (this.bytes + bytes.length > MOST_BYTES) return this.giveUp();
    this.held.set(bytes, this.bytes);
    this.bytes += bytes.length;
    file.to = this.bytes;
  }

  /** Of pictures only the place matters. */
  picture(path: string): void {
    this.add(path);
  }

  async answer(): Promise<CheckAnswer> {
    if (this.skipped) return { status: 'skipped', count: 0, issues: [] };
    const found = await this.format.check(this.files.map((file) => this.asRead(file)));
    giveBackMemory(this.held);
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

  private add(path: string): HeldFile {
    const file = { path, from: this.bytes, to: this.bytes };
    if (this.skipped) return file;
    this.files.push(file);
    if (this.files.length > MOST_FILES) this.giveUp();
    return file;
  }

  private giveUp(): void {
    this.skipped = true;
    this.files.length = 0;
    giveBackMemory(this.held);
  }

  private asRead({ path, from, to }: HeldFile): ImportFile {
    const bytes = this.held.subarray(from, to);
    return {
      path,
      async *chunks() {
        yield bytes;
      },
    };
  }
}
