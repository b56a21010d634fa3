/** What a class can have at most. */
export const KEYPOINT_LIMITS = { names: 200, name_length: 100, bones: 1_000 } as const;

/** Whether a line of a skeleton joins two different ones of so many keypoints, counted from 0. */
export function isBone([a, b]: readonly [number, number], keypoints: number): boolean {
  const isPoint = (n: number) => Number.isSafeInteger(n) && n >= 0 && n < keypoints;
  return a !== b && isPoint(a) && isPoint(b);
}

/**
 * Names of keypoints from elsewhere as a class can have them: each once, short, and of characters that can be stored. One that cannot be
 * kept is called by its number.
 */
export function soundKeypointNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.slice(0, KEYPOINT_LIMITS.names).map((given, n) => {
    const name = shortened(storable(given), KEYPOINT_LIMITS.name_length);
    const sound = freeName(name === '' ? String(n + 1) : name, taken);
    taken.add(sound);
    return sound;
  });
}

/** As a person's input is taken: NFC, without white space around it and without control characters. */
function storable(name: string): string {
  return name
    .toWellFormed()
    .normalize('NFC')
    .replace(/(?![\t\n\r])\p{Cc}/gu, '')
    .trim();
}

/** Never through the middle of a character. */
function shortened(name: string, length: number): string {
  return name
    .slice(0, length)
    .replace(/[\ud800-\udbff]$/, '')
    .trim();
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  for (let n = 1; ; n += 1) {
    const ending = n === 1 ? '' : ` (${n})`;
    const candidate = `${shortened(name, KEYPOINT_LIMITS.name_length - ending.length)}${ending}`;
    if (!taken.has(candidate)) return candidate;
  }
}
