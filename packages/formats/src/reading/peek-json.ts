import { utf8Chunks } from './file-text.js';
import type { ImportFile } from './import-codec.js';
import { UnreadableFile } from './unreadable-file.js';

/** Characters that are looked at, and bytes that are read for them: a picture may stand before everything else. */
const SHOWN = 16_384;
const MOST_BYTES = 32 * 1024 * 1024;
/** Of each text in the file; keys and version numbers are shorter. */
const SHOWN_OF_A_TEXT = 200;

/** The beginning of a JSON file with its long texts cut short, for recognising it. What is no text becomes replacement characters. */
export async function peekJson(file: ImportFile): Promise<string> {
  const decoder = new TextDecoder();
  const scan = new Scan();
  let read = 0;
  try {
    for await (const chunk of utf8Chunks(file)) {
      scan.add(decoder.decode(chunk, { stream: true }));
      read += chunk.length;
      if (scan.shown.length >= SHOWN || read >= MOST_BYTES) break;
    }
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
  }
  return scan.shown;
}

class Scan {
  shown = '';
  /** Characters of the text it is in; null between texts. */
  private inText: number | null = null;
  private escaped = false;

  add(piece: string): void {
    let from = 0;
    while (from < piece.length && this.shown.length < SHOWN)
      from = this.inText === null ? this.toQuote(piece, from) : this.throughText(piece, from, this.inText);
  }

  private toQuote(piece: string, from: number): number {
    const quote = piece.indexOf('"', from);
    const end = quote < 0 ? piece.length : quote + 1;
    this.shown += piece.slice(from, Math.min(end, from + SHOWN));
    if (quote >= 0) this.inText = 0;
    return end;
  }

  private throughText(piece: string, from: number, seen: number): number {
    let end = from;
    for (; end < piece.length; end += 1) {
      if (this.escaped) this.escaped = false;
      else if (piece[end] === '\\') this.escaped = true;
      else if (piece[end] === '"') break;
    }
    this.shown += piece.slice(from, Math.min(end, from + Math.max(0, SHOWN_OF_A_TEXT - seen)));
    this.inText = seen + end - from;
    if (end === piece.length) return end;
    this.shown += '"';
    this.inText = null;
    return end + 1;
  }
}
