// What is made of a handful of measurements.

/**
 * @param {readonly number[]} values
 * @param {number} p 0 to 1
 * @returns {number} nearest rank; NaN of nothing
 */
export function percentile(values, p) {
  if (values.length === 0) return NaN;
  const sorted = Float64Array.from(values).sort();
  return /** @type {number} */ (sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)]);
}

/** @param {readonly number[]} values @returns {number} the middle, or the mean of the two in the middle; NaN of nothing */
export function median(values) {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 ? upper : (upper + (sorted[middle - 1] ?? NaN)) / 2;
}

/** @param {readonly number[]} values */
export function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
