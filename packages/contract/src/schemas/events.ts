import { z } from 'zod';
import { maintenanceNotice } from './maintenance.js';
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

/** Images that one change names where it may be about many: Postgres tells 8,000 bytes at once. */
export const MOST_IMAGES_TOLD = 250;

/**
 * What the stream of a project tells, beyond presence. Locks carry all there is to know; everything else names what changed,
 * and whoever shows it reads it again.
 */
export const projectChange = z.discriminatedUnion('type', [
  z.object({ type: z.literal('lock'), image_id: id, lock: lockHolder.nullable() }),
  /** Annotations or status of these images; null: of many. `by` did it. */
  z.object({ type: z.literal('image'), image_ids: z.array(id).max(500).nullable(), by: z.string() }),
  /** Images deleted, or brought back: their lists and counts are others. `by` did it. */
  z.object({
    type: z.literal('deletion'),
    image_ids: z.array(id).max(MOST_IMAGES_TOLD),
    by: z.string(),
    restored: z.boolean(),
  }),
  z.object({ type: z.literal('class') }),
  z.object({ type: z.literal('task'), task_id: id.nullable() }),
  /** How far a split of many images is; `task` tells when its tasks are there. */
  z.object({ type: z.literal('split'), split_id: id }),
  z.object({ type: z.literal('comment'), comment_id: id, image_id: id }),
  /** Role given, changed or taken away. */
  z.object({ type: z.literal('member'), user_id: z.string() }),
  z.object({ type: z.literal('export'), export_id: id }),
  z.object({ type: z.literal('restore'), restore_id: id }),
  z.object({ type: z.literal('import'), import_id: id }),
  z.object({ type: z.literal('version'), version_id: id }),
]);
export type ProjectChange = z.infer<typeof projectChange>;

/** Why a stream is closed for good; anything else that ends one is met by connecting again. */
export const STREAM_ENDS = ['signed_out', 'no_access'] as const;
export type StreamEnd = (typeof STREAM_ENDS)[number];

/** What somebody's own news can be about: the inbox, invitations (sent or received), the projects they are a member of. */
export const NEWS_TOPICS = ['inbox', 'invitations', 'projects'] as const;
export type NewsTopic = (typeof NEWS_TOPICS)[number];

/** For the person who listens and nobody else: read what shows it again. */
const news = z.object({ type: z.literal('news'), about: z.enum(NEWS_TOPICS) });
/**
 * First of all. `quiet_ms`: how long nothing was heard that this line tells; what was read before is still true if it was read
 * since. Null: longer than matters.
 */
const hello = z.object({ type: z.literal('hello'), stream_id: z.uuid(), quiet_ms: z.int().nullable() });
/** Maintenance began, changed or ended (null); told after `hello` too. */
const maintenance = z.object({ type: z.literal('maintenance'), maintenance: maintenanceNotice.nullable() });
/** Events may have been missed: read again whatever is shown. */
const resync = z.object({ type: z.literal('resync') });
/** Comes every few seconds, so that a silent line can be told from a quiet project. */
const beat = z.object({ type: z.literal('beat') });
/** The stream ends here and cannot be opened again. */
const gone = z.object({ type: z.literal('gone'), reason: z.enum(STREAM_ENDS) });

/** One event of the stream of a person, for pages that show no project. */
export const personEvent = z.discriminatedUnion('type', [news, hello, maintenance, resync, beat, gone]);
export type PersonEvent = z.infer<typeof personEvent>;

/** One event of the stream of a project, with the listener's own news: `event:` carries its `type`, `data:` all of it. */
export const projectEvent = z.discriminatedUnion('type', [
  ...projectChange.options,
  ...personEvent.options,
  /** `whole`: these and nobody else; otherwise what changed: who came or moved, and the ids of those who left. */
  z.object({
    type: z.literal('presence'),
    whole: z.boolean(),
    people: z.array(presentPerson),
    left: z.array(z.string()),
  }),
]);
export type ProjectEvent = z.infer<typeof projectEvent>;
export type ProjectEventType = ProjectEvent['type'];
export const PROJECT_EVENT_TYPES: readonly ProjectEventType[] = projectEvent.options.map(
  (option) => option.shape.type.value,
);
