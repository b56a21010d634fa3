/**
 * Order of keys as every S3 server lists them: by their UTF-8 bytes. JavaScript's own order differs, since it puts
 * surrogates (characters from U+10000 on) before U+E000–U+FFFF.
 */
export function compareBytewise(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
