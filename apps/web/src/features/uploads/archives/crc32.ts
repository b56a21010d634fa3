/** What a byte does to the checksum when so many others follow it: eight bytes are looked up at once (“slicing by eight”). */
const [T0, T1, T2, T3, T4, T5, T6, T7] = tables();

/** The checksum that ZIP keeps of each file. `before` is the one of the bytes that came earlier. */
export function crc32(bytes: Uint8Array<ArrayBuffer>, before = 0): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = bytes.length - (bytes.length % 8);
  let crc = ~before;
  let at = 0;
  for (; at < whole; at += 8) {
    const low = crc ^ view.getInt32(at, true);
    const high = view.getInt32(at + 4, true);
    crc =
      at8(T7, low) ^ at8(T6, low >>> 8) ^ at8(T5, low >>> 16) ^ at8(T4, low >>> 24) ^
      at8(T3, high) ^ at8(T2, high >>> 8) ^ at8(T1, high >>> 16) ^ at8(T0, high >>> 24); // prettier-ignore
  }
  for (; at < bytes.length; at++) crc = at8(T0, crc ^ view.getUint8(at)) ^ (crc >>> 8);
  return ~crc >>> 0;
}

function at8(table: Int32Array, index: number): number {
  return table[index & 0xff] as number;
}

function tables() {
  const first = Int32Array.from({ length: 256 }, (_, n) => {
    let crc = n;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
    return crc;
  });
  const next = (table: Int32Array) => table.map((crc) => at8(first, crc) ^ (crc >>> 8));
  const t1 = next(first);
  const t2 = next(t1);
  const t3 = next(t2);
  const t4 = next(t3);
  const t5 = next(t4);
  const t6 = next(t5);
  return [first, t1, t2, t3, t4, t5, t6, next(t6)] as const;
}
