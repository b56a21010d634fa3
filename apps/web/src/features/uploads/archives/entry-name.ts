/** Letters that Windows in Korea writes: pairs of bytes in the rows of KS X 1001 that hold syllables. */
const KOREAN = /^[\p{ASCII}\u3131-\u318e\uac00-\ud7a3]+$/u;
const LOWEST_KOREAN_BYTE = 0xa1;
/** What letters of other alphabets look like when they are read as the code page that ZIP means. */
const GARBLED = /[\u2500-\u259f\ufffd]/u;

/**
 * A name that is not UTF-8, if it was written by Windows in Korea. Undefined for all others: those are read as the format
 * says, in code page 437.
 */
export function koreanName(bytes: Uint8Array): string | undefined {
  if (bytes.some((byte) => byte > 0x7f && byte < LOWEST_KOREAN_BYTE)) return undefined;
  try {
    const name = new TextDecoder('euc-kr', { fatal: true }).decode(bytes);
    return KOREAN.test(name) ? name : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a name was written in an alphabet nobody can tell any more. */
export function isGarbled(name: string): boolean {
  return GARBLED.test(name);
}

/** Whether it leads out of its archive: an absolute path, or one that climbs up. */
export function leadsOut(name: string): boolean {
  return /^[/\\]|^[a-z]:/iu.test(name) || name.includes('\0') || name.split(/[/\\]/u).includes('..');
}
