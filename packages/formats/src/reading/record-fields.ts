/** Looking into parsed JSON that nobody vouches for. */
export type Fields = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isFiniteNumber(value: unknown): value is number {
  return Number.isFinite(value);
}

export function isNumberList(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every(isFiniteNumber);
}

/** [x, y, x, y, …] as points. */
export function pointsOf(flat: readonly number[]): [number, number][] {
  return Array.from({ length: flat.length >> 1 }, (_, n) => [flat[2 * n] as number, flat[2 * n + 1] as number]);
}
