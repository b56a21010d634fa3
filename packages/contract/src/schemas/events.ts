import { z } from 'zod';
import { id, timestamp } from './primitives.js';

/** Who works on an image now. */
export const lockHolder = z.object({
  user_id: z.string(),
  user_name: z.string(),
  acquired_at: timestamp,
  expires_at: timestamp,
});
export type LockHolder = z.infer<typeof lockHolder>;

/** A person who has the project open; `image_id` is null outside the workbench. */
export const presentPerson = z.object({
  user_id: z.string(),
  user_name: z.string(),
  badge_color: z.string().nullable(),
  image_id: id.nullable(),
});
export type PresentPerson = z.infer<typeof presentPerson>;

/**
 * What the stream of a project tells, beyond presence. Locks carry all there is to know; everything else names what changed,
 * and whoever shows it reads it again.
 */
export const projectChange = z.discriminatedUnion('type', [
  z.object({ type: z.literal('lock'), image_id: id, lock: lockHolder.nullable() }),
  /** Annotations or status of these images; null: of many. `by` did it. */
  z.object({ type: z.literal('image'), image_ids: z.array(id).max(500).nullable(), by: z.string() }),
  z.object({ type: z.literal('class') }),
  z.object({ type: z.literal('task'), task_id: id.nullable() }),
  z.object({ type: z.literal('comment'), comment_id: id, image_id: id }),
  /** Role given, changed or taken away. */
  z.object({ type: z.literal('member'), user_id: z.string() }),
  z.object({ type: z.literal('export'), export_id: id }),
]);
export type ProjectChange = z.infer<typeof projectChange>;
