import { partSizeOf, PARTS_FROM } from '../transfer/copy-in-parts.js';

/** Cloudflare R2's prices in US dollars; usage is rounded up to the next unit. */
const R2 = {
  class_a_per_million: 4.5,
  class_b_per_million: 0.36,
  gb_month: 0.015,
  free: { class_a_millions: 1, class_b_millions: 10, gb: 10 },
} as const;

const LIST_PAGE = 1_000;
/** Assumed of a connection over the internet: time until a request is answered, and how many are under way. */
const ROUND_TRIP_S = 0.06;
const AT_ONCE = 48;

/** Requests and bytes of a move, as they are counted while its objects are looked at. */
export interface Transfer {
  objects: number;
  bytes: number;
  /** PUT, LIST and the steps of uploads in parts. */
  class_a: number;
  /** GET and HEAD. */
  class_b: number;
}

export function emptyTransfer(): Transfer {
  return { objects: 0, bytes: 0, class_a: 0, class_b: 0 };
}

/** One object that is copied: read with one request or one per part, stored likewise. */
export function countCopy(transfer: Transfer, size: number): void {
  const parts = size >= PARTS_FROM ? Math.ceil(size / partSizeOf(size)) : 0;
  transfer.objects += 1;
  transfer.bytes += size;
  transfer.class_a += parts === 0 ? 1 : parts + 2;
  transfer.class_b += parts === 0 ? 1 : parts + 2;
}

/** One object that is read on both sides. */
export function countCompare(transfer: Transfer): void {
  transfer.class_b += 2;
}

/** The listings of both sides. */
export function countListings(transfer: Transfer, source_objects: number, target_objects: number): void {
  for (const objects of [source_objects, target_objects])
    transfer.class_a += Math.max(1, Math.ceil(objects / LIST_PAGE));
}

export interface Estimate {
  /** Once, for the requests. */
  readonly requests_usd: number;
  /** Every month, for what is stored. */
  readonly month_usd: number;
  readonly seconds: number;
  readonly assumes: string;
}

/** What a move costs at R2's prices beyond the free allowance, and how long it takes at `mbit` megabits a second. */
export function estimate({ objects, bytes, class_a, class_b }: Transfer, stored_bytes: number, mbit: number): Estimate {
  const paid = (used: number, unit: number, free: number) => Math.max(0, Math.ceil(used / unit) - free);
  const requests_usd =
    paid(class_a, 1e6, R2.free.class_a_millions) * R2.class_a_per_million +
    paid(class_b, 1e6, R2.free.class_b_millions) * R2.class_b_per_million;
  return {
    requests_usd,
    month_usd: paid(stored_bytes, 1e9, R2.free.gb) * R2.gb_month,
    seconds: Math.ceil(Math.max((bytes * 8) / (mbit * 1e6), (objects * 2 * ROUND_TRIP_S) / AT_ONCE)),
    assumes: `R2's prices beyond its free allowance; ${mbit} Mbit/s and ${ROUND_TRIP_S * 1000} ms per request`,
  };
}
