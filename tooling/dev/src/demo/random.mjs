/**
 * Seeded random numbers: the demo's images are the same bytes on every machine that renders them with the same libraries.
 *
 * @param {number} seed
 */
export function createRandom(seed) {
  let state = (seed * 2_654_435_761) >>> 0;
  // mulberry32, public domain (Tommy Ettinger)
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (/** @type {number} */ low, /** @type {number} */ high) => low + next() * (high - low);
  return {
    next,
    between,
    /** Inclusive. @param {number} low @param {number} high */
    whole: (low, high) => Math.floor(between(low, high + 1)),
    /** @template T @param {readonly T[]} items @returns {T} */
    pick: (items) => /** @type {T} */ (items[Math.floor(next() * items.length)]),
    /** @param {number} probability */
    chance: (probability) => next() < probability,
  };
}

/** @typedef {ReturnType<typeof createRandom>} Random */
