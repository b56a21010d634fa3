// What a bench is run with, and what is put away after it, however it ends.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { acquireFileLock, FileLockHeld } from '@labelyard/embedded-postgres';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');
/** Everything the benches leave behind between runs. */
export const BENCH_FOLDER = join(ROOT, '.cache', 'bench');
export const API_FOLDER = join(ROOT, 'apps', 'api');

/**
 * small: quick, for looking whether it works · standard: what the goals speak of · full: the largest.
 *
 * @typedef {'small' | 'standard' | 'full'} Size
 */
export const SIZES = /** @type {const} */ (['small', 'standard', 'full']);

export class Lab {
  /** @type {(() => unknown)[]} */
  #put_away = [];
  /** @type {Promise<void> | undefined} */
  #ending;

  /** @param {{ size: Size, rounds: number }} options */
  constructor({ size, rounds }) {
    this.size = size;
    this.rounds = rounds;
    /** For files of this run, on a real disk: a temporary folder may be memory. */
    this.folder = join(BENCH_FOLDER, 'run');
    this.say = (/** @type {string} */ line) => void process.stderr.write(`  ${line}\n`);
  }

  /** One bench at a time in a checkout: two would measure each other. */
  async open() {
    mkdirSync(BENCH_FOLDER, { recursive: true });
    try {
      const lock = await acquireFileLock(join(BENCH_FOLDER, 'bench.lock'), { waitMs: 0 });
      this.later(() => lock.release());
    } catch (error) {
      if (error instanceof FileLockHeld) throw new Error('Another bench is running in this checkout', { cause: error });
      throw error;
    }
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder, { recursive: true });
    this.later(() => rmSync(this.folder, { recursive: true, force: true }));
    for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
      process.on(signal, () => void this.close().finally(() => process.exit(130)));
    }
  }

  /** @param {() => unknown} work done when the bench ends; the last first */
  later(work) {
    this.#put_away.push(work);
  }

  /**
   * @template T
   * @param {Record<Size, T>} values
   * @returns {T}
   */
  bySize(values) {
    return values[this.size];
  }

  /** Once, however often it is asked for: a second signal waits for the first, and leaves nothing running. */
  close() {
    return (this.#ending ??= this.#putAway());
  }

  async #putAway() {
    for (let work = this.#put_away.pop(); work; work = this.#put_away.pop()) {
      try {
        await work();
      } catch (error) {
        this.say(`putting away failed: ${error instanceof Error ? error.message : error}`);
      }
    }
  }
}
