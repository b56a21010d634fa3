import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipPart {
  readonly name: string | Uint8Array;
  readonly bytes?: string | Uint8Array;
  /** 0: stored, 8: deflated, others: neither, but said to be. */
  readonly method?: number;
  /** What the archive says of it, where that is not the truth. */
  readonly size?: number;
  readonly crc?: number;
  /** Bit 0: encrypted, bit 11: the name is UTF-8. */
  readonly flags?: number;
  /** Unix mode. */
  readonly mode?: number;
}

const UTF8 = 0x0800;

/** A ZIP archive, as sound or as broken as the test wants it. */
export function zipOf(parts: readonly ZipPart[]): Buffer<ArrayBuffer> {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name: given, bytes = 'x', method = 8, size, crc, flags = UTF8, mode = 0o100644 } of parts) {
    const name = Buffer.from(given as string);
    const plain = Buffer.from(bytes as string);
    const packed = method === 8 ? deflateRawSync(plain) : plain;
    const fields = Buffer.alloc(22);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(flags, 2);
    fields.writeUInt16LE(method, 4);
    fields.writeUInt32LE(crc ?? crc32(plain), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(size ?? plain.length, 18);
    const lengths = Buffer.alloc(4);
    lengths.writeUInt16LE(name.length, 0);
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), fields, lengths, name, packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE((mode << 16) >>> 0, 6);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\u0001\u0002'), Buffer.from([20, 3]), fields, lengths, tail, name]));
    locals.push(local);
    offset += local.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(parts.length, 4);
  end.writeUInt16LE(parts.length, 6);
  end.writeUInt32LE(entries.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, entries, Buffer.from('PK\u0005\u0006'), end]);
}

/** The archive as a picked file. */
export function zipFile(path: string, parts: readonly ZipPart[] | Buffer<ArrayBuffer>, modified = 7): File {
  const bytes = parts instanceof Uint8Array ? parts : zipOf(parts);
  const file = new File([bytes], path.slice(path.lastIndexOf('/') + 1), { lastModified: modified });
  return Object.assign(file, { relativePath: path });
}
