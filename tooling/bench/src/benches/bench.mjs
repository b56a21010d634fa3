/**
 * @typedef {import('../harness/compare.mjs').Result | import('../harness/report.mjs').LimitResult} AnyResult
 *
 * @typedef {object} Bench
 * @property {string} name
 * @property {string} says what is measured, against what
 * @property {(lab: import('../harness/lab.mjs').Lab) => Promise<AnyResult[]>} run
 */
export {};
