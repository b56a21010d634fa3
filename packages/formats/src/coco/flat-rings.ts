import type { ByteWriter } from '../byte-writer.js';

// The layout of `canonicalGeometryJson` for a polygon without holes: {"type":"polygon","polygons":[[[[x,y],[x,y],…]],[]],[[[x,y],…]],[]]]}
const START = '{"type":"polygon","polygons":[[[[';
const END = ']],[]]]}';
const NEXT_PART = ']],[]],[[[';

const COMMA = 0x2c;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const NEXT_PART_BYTES = Uint8Array.from(NEXT_PART, (character) => character.charCodeAt(0));

/**
 * Writes the rings of a stored polygon as COCO wants them, `[[x,y,x,y,…],[…]]`, one per part, digit by digit as they are stored:
 * the text is encoded behind the output and its brackets are squeezed out in place, without parsing a number.
 * Answers false, with the output as it was, when the polygon has holes or the text has another layout.
 */
export function writeFlatRings(geometry: string, out: ByteWriter): boolean {
  if (!geometry.startsWith(START) || !geometry.endsWith(END)) return false;
  const ahead = 4;
  const written = out.textAt(geometry, ahead);
  const { bytes, length } = out;
  const end = length + ahead + written - END.length;
  let to = length;
  bytes[to++] = OPEN;
  bytes[to++] = OPEN;
  for (let from = length + ahead + START.length; from < end;) {
    const byte = bytes[from] as number;
    if (byte !== CLOSE) {
      bytes[to++] = byte;
      from++;
    } else if (bytes[from + 1] === COMMA) {
      bytes[to++] = COMMA;
      from += '],['.length;
    } else if (isNextPart(bytes, from)) {
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

function isNextPart(bytes: Uint8Array, from: number): boolean {
  for (let at = 0; at < NEXT_PART_BYTES.length; at++) if (bytes[from + at] !== NEXT_PART_BYTES[at]) return false;
  return true;
}
