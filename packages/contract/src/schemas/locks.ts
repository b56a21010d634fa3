import { z } from 'zod';
import { lockHolder } from './events.js';
import { id, pageOf, pageQuery } from './primitives.js';

export const lockBody = z.strictObject({ project_id: id, image_id: id });

export const imageLock = lockHolder.extend({ project_id: id, image_id: id });
export type ImageLock = z.infer<typeof imageLock>;

export const lockListQuery = pageQuery.extend({ limit: pageQuery.shape.limit.unwrap().default(500) });
export const lockPage = pageOf(imageLock);

/** `details` of an answer 423. */
export const lockedDetails = z.object({ holder: lockHolder, expires_at: lockHolder.shape.expires_at });
export type LockedDetails = z.infer<typeof lockedDetails>;

/** Which image somebody looks at; null outside the workbench. `stream_id` comes with the stream's `hello`. */
export const presenceBody = z.strictObject({ stream_id: z.uuid(), image_id: id.nullable() });
