// One line per step for the person who waits: what runs, and for how long already.

const REMIND_MS = 15_000;

/**
 * @param {{ out?: { write: (text: string) => unknown, isTTY?: boolean } }} [options]
 */
export function createProgress({ out = process.stdout } = {}) {
  const begin = Date.now();
  /** @param {string} text */
  const line = (text) => void out.write(`${text}\n`);
  return {
    line,
    /**
     * Shows `label` while `work` runs.
     *
     * @template T
     * @param {string} label
     * @param {() => Promise<T>} work
     * @returns {Promise<T>}
     */
    async step(label, work) {
      const start = Date.now();
      let told = start;
      if (out.isTTY) out.write(`  ${label} …`);
      else line(`  ${label} …`);
      const timer = setInterval(() => {
        if (out.isTTY) return void out.write(`\r\u001b[K  ${label} … ${seconds(start)}`);
        if (Date.now() - told < REMIND_MS) return;
        told = Date.now();
        line(`  ${label} … still at it (${seconds(start)})`);
      }, 1_000);
      let mark = '✗';
      try {
        const result = await work();
        mark = '✓';
        return result;
      } finally {
        clearInterval(timer);
        line(`${out.isTTY ? '\r\u001b[K' : ''}${mark} ${label} (${seconds(start)})`);
      }
    },
    /** Seconds since the command began. */
    elapsed: () => seconds(begin),
  };
}

/** @typedef {ReturnType<typeof createProgress>} Progress */

/** @param {number} since */
function seconds(since) {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}
