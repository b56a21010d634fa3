/** glibc maps what is larger than 32 MiB, and unmaps it when it is given back; smaller pieces it keeps for later, and they lie in the way. */
const MAPPED_BYTES = 33 * 1024 * 1024;

/**
 * Room that is the system's again as soon as it is given back. What of it was never written takes no memory.
 *
 * @param size at most 32 MiB
 */
export function borrowMemory(size: number): Buffer<ArrayBuffer> {
  return Buffer.from(Buffer.allocUnsafeSlow(MAPPED_BYTES).buffer, 0, size);
}

/** At once, rather than when it is found to be garbage. The buffer is empty from now on. */
export function giveBackMemory({ buffer }: Buffer<ArrayBuffer>): void {
  buffer.transfer(0);
}
