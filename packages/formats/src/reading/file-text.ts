import type { ImportFile } from './import-codec.js';
import { UnreadableFile } from './unreadable-file.js';

/** Small files (one per image) are read whole up to this size. */
const MAX_TEXT_BYTES = 64 * 1024 * 1024;

const encoder = new TextEncoder();
type Decoder = InstanceType<typeof TextDecoder>;

/** Bytes of a text file as UTF-8 without byte order mark, whatever UTF it came in. Line ends stay as they are. */
export async function* utf8Chunks(file: ImportFile): AsyncGenerator<Uint8Array> {
  let decoder: Decoder | null = null;
  let held: Uint8Array = new Uint8Array();
  let begun = false;
  for await (const chunk of file.chunks()) {
    let bytes = chunk;
    if (!begun) {
      bytes = joined(held, chunk);
      held = bytes;
      if (bytes.length < 3) continue;
      begun = true;
      const encoding = utf16Of(bytes);
      if (encoding) decoder = new TextDecoder(encoding, { fatal: true });
      else if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) bytes = bytes.subarray(3);
    }
    yield decoder ? encoder.encode(decoded(decoder, bytes, true)) : bytes;
  }
  if (!begun && held.length > 0) yield held;
  if (decoder) yield encoder.encode(decoded(decoder, new Uint8Array(), false));
}

/** The whole of a small text file. */
export async function readText(file: ImportFile, most = MAX_TEXT_BYTES): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let text = '';
  let length = 0;
  for await (const chunk of utf8Chunks(file)) {
    length += chunk.length;
    if (length > most) throw new UnreadableFile('too_large', `The file is larger than ${most} bytes`);
    text += decoded(decoder, chunk, true);
  }
  return text + decoded(decoder, new Uint8Array(), false);
}

/** The whole of a small binary file. */
export async function readBytes(file: ImportFile, most = MAX_TEXT_BYTES): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of file.chunks()) {
    length += chunk.length;
    if (length > most) throw new UnreadableFile('too_large', `The file is larger than ${most} bytes`);
    parts.push(chunk);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** The beginning of a file as text, for recognising it; what is no text becomes replacement characters. */
export async function peekText(file: ImportFile, bytes = 16_384): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let length = 0;
  try {
    for await (const chunk of utf8Chunks(file)) {
      text += decoder.decode(chunk.subarray(0, bytes - length), { stream: true });
      length += chunk.length;
      if (length >= bytes) break;
    }
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
  }
  return text;
}

function decoded(decoder: Decoder, bytes: Uint8Array, stream: boolean): string {
  try {
    return decoder.decode(bytes, { stream });
  } catch {
    throw new UnreadableFile('bad_encoding', `The file is not ${decoder.encoding.toUpperCase()} text`);
  }
}

/** By its mark, or by the zero bytes that no other text begins with. */
function utf16Of([a, b]: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  if ((a === 0xff && b === 0xfe) || (a !== 0 && b === 0)) return 'utf-16le';
  if ((a === 0xfe && b === 0xff) || (a === 0 && b !== 0)) return 'utf-16be';
  return null;
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b;
  const bytes = new Uint8Array(a.length + b.length);
  bytes.set(a);
  bytes.set(b, a.length);
  return bytes;
}
