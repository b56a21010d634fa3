import { ascii, type ByteWriter } from '../byte-writer.js';

// The layout of `canonicalGeometryJson` for a polygon without holes: {"type":"polygon","polygons":[[[[x,y],[x,y],…]],[]],[[[x,y],…]],[]]]}
const START = '{"type":"polygon","polygons":[[[[';
const END = ']],[]]]}';
const NEXT_PART = ']],[]],[[[';

const COMMA = 0x2c;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const [START_BYTES, END_BYTES, NEXT_PART_BYTES] = [START, END, NEXT_PART].map(ascii) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
];
/** Room for what is written before the first byte is read. */
const AHEAD = 4;

/**
 * Writes the rings of a stored polygon as COCO wants them, `[[x,y,x,y,…],[…]]`, one per part, digit by digit as they are stored: the
 * brackets are squeezed out without parsing a number, of text in place, encoded behind the output.
 * Answers false, with the output as it was, when the polygon has holes or the text has another layout.
 */
export function writeFlatRings(geometry: string | Uint8Array, out: ByteWriter): boolean {
  if (typeof geometry !== 'string') {
    out.reserve(geometry.length + AHEAD);
    return squeeze(geometry, 0, geometry.length, out);
  }
  const start = out.length + AHEAD;
  const written = out.textAt(geometry, AHEAD);
  return squeeze(out.bytes, start, start + written, out);
}

function squeeze(source: Uint8Array, start: number, after: number, out: ByteWriter): boolean {
  const end = after - END_BYTES.length;
  let from = start + START_BYTES.length;
  if (from > end || !isAt(START_BYTES, source, start) || !isAt(END_BYTES, source, end)) return false;
  const { bytes } = out;
  let to = out.length;
  bytes[to++] = OPEN;
  bytes[to++] = OPEN;
  while (from < end) {
    const byte = source[from] as number;
    if (byte !== CLOSE) {
      bytes[to++] = byte;
      from++;
    } else if (source[from + 1] === COMMA) {
      bytes[to++] = COMMA;
      from += '],['.length;
    } else if (isAt(NEXT_PART_BYTES, source, from)) {
      bytes[to++] = CLOSE;
      bytes[to++] = COMMA;
      bytes[to++] = OPEN;
      from += NEXT_PART.length;
    } else {
      return false;
    }
  }
  bytes[to++] = CLOSE;
  bytes[to++] = CLOSE;
  out.length = to;
  return true;
}

function isAt(piece: Uint8Array, source: Uint8Array, start: number): boolean {
  for (let at = 0; at < piece.length; at++) if (source[start + at] !== piece[at]) return false;
  return true;
}
