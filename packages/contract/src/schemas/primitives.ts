import { z } from 'zod';

/** A row id: a positive integer below 2^53. */
export const id = z.int().positive();
/** A row id inside a path or query string. */
export const idParam = z.coerce.number<string | number>().pipe(z.int().positive());
/** ISO 8601 in UTC. */
export const timestamp = z.iso.datetime();
/** A moment in a request: ISO 8601, in UTC or with an offset; kept as UTC. Neither we nor the database tell other years. */
export const moment = z.iso
  .datetime({ offset: true })
  .overwrite((text) => (Number.isNaN(Date.parse(text)) ? text : new Date(text).toISOString()))
  .refine((text) => !/^(?:0000-|[+-])/u.test(text), 'lies outside the years 1 to 9999');

/** Text people type: NFC, trimmed, no control characters. */
export function text(min: number, max: number) {
  return z
    .string()
    .overwrite((value) => value.normalize('NFC').trim())
    .min(min)
    .max(max)
    .refine((value) => !/(?![\t\n\r])\p{Cc}/u.test(value), 'contains control characters');
}

/** Query values arrive as text: "true", "1" and "" (a bare key) mean true. */
export const flag = z.enum(['true', 'false', '1', '0', '']).transform((value) => value !== 'false' && value !== '0');

export const cursor = z.string().max(2_000);
export const pageQuery = z.object({
  limit: z.coerce.number<string | number>().pipe(z.int().min(1).max(500)).default(50),
  cursor: cursor.optional(),
});

/** Why a job failed: of what kind it was, and in English what it was. */
export const jobError = z.object({ code: z.string(), message: z.string() });
export type JobError = z.infer<typeof jobError>;

/** Every list answers a page: its items and where the next page begins. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next_cursor: z.string().nullable() });
}
