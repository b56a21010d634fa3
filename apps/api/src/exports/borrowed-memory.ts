/**
 * Room that is the system's again as soon as it is given back. What of it was never written takes no memory. Resizable, because only such
 * memory comes from the system and goes back to it: other pieces are kept for later by what allocates them, and lie in the way.
 * Made for whole pieces (`set`, files, sockets); single bytes and numbers are written several times as fast elsewhere.
 */
export function borrowMemory(size: number): Buffer<ArrayBuffer> {
  return Buffer.from(new ArrayBuffer(size, { maxByteLength: size }), 0, size);
}

/** At once, rather than when it is found to be garbage. The buffer is empty from now on. */
export function giveBackMemory({ buffer }: Buffer<ArrayBuffer>): void {
  buffer.resize(0);
}
