import type { HistoryAction } from './annotation.js';

/** One change of one annotation, as the activity feed reads it. Times are ISO 8601 UTC with milliseconds, so they sort as text. */
export interface ActivityChange {
  readonly id: number;
  readonly changed_at: string;
  readonly changed_by: string;
  readonly image_id: number;
  readonly annotation_id: number;
  readonly action: HistoryAction;
}

/** Something done to the project itself. */
export interface ActivityEvent {
  readonly id: number;
  readonly happened_at: string;
}

/** What one person did to one image in one go: "Mina changed 12 annotations". */
export interface ActivityGroup {
  readonly changed_by: string;
  readonly image_id: number;
  /** Changes per action. */
  readonly counts: Partial<Record<HistoryAction, number>>;
  /** Different annotations touched. */
  readonly annotations: number;
  /** The newest of them, at most {@link MOST_NAMED}. */
  readonly annotation_ids: readonly number[];
  readonly first_at: string;
  readonly last_at: string;
}

export type ActivityItem<Event extends ActivityEvent> =
  ({ readonly kind: 'annotations' } & ActivityGroup) | { readonly kind: 'event'; readonly event: Event };

/** Where a reader of both streams stands: the last one taken from each; null before the first. */
export interface ActivityPosition {
  readonly change: { readonly at: string; readonly id: number } | null;
  readonly event: { readonly at: string; readonly id: number } | null;
}

export interface ActivityPage<Event extends ActivityEvent> {
  readonly items: readonly ActivityItem<Event>[];
  readonly position: ActivityPosition;
  readonly finished: boolean;
}

/** Newest first. `more`: the stream goes on after these; `end`: how far it was read, where a filter left rows out. */
export interface ActivityStreams<Event extends ActivityEvent> {
  readonly changes: {
    readonly rows: readonly ActivityChange[];
    readonly more: boolean;
    readonly end?: ActivityPosition['change'];
  };
  readonly events: { readonly rows: readonly Event[]; readonly more: boolean };
  readonly from: ActivityPosition;
}

/** Work on one image with longer breaks than this is told as two pieces. */
export const GROUP_GAP_MS = 10 * 60_000;
export const MOST_NAMED = 20;

interface OpenGroup {
  readonly counts: Partial<Record<HistoryAction, number>>;
  readonly annotations: Set<number>;
  readonly changed_by: string;
  readonly image_id: number;
  readonly last_at: string;
  first_at: string;
}

/**
 * Merges both streams by time and puts changes of one person on one image together, also when other people's lie between
 * them. Ends before item `limit + 1`, or where one stream was read no further: what lies beyond is not known yet.
 */
export function groupActivity<Event extends ActivityEvent>(
  { changes, events, from }: ActivityStreams<Event>,
  limit: number,
): ActivityPage<Event> {
  const items: ({ group: OpenGroup } | { event: Event })[] = [];
  const open = new Map<string, OpenGroup>();
  let position = from;
  let [c, e] = [0, 0];
  let stopped = false;
  for (;;) {
    const change = changes.rows[c];
    const event = events.rows[e];
    if ((!change && changes.more) || (!event && events.more) || (!change && !event)) break;
    if (event && (!change || event.happened_at >= change.changed_at)) {
      stopped = items.length === limit;
      if (stopped) break;
      items.push({ event });
      position = { ...position, event: { at: event.happened_at, id: event.id } };
      e += 1;
      continue;
    }
    if (!change) break;
    const key = `${change.image_id} ${change.changed_by}`;
    const group = open.get(key);
    if (group && Date.parse(group.first_at) - Date.parse(change.changed_at) <= GROUP_GAP_MS) add(group, change);
    else {
      stopped = items.length === limit;
      if (stopped) break;
      const begun = begin(change);
      open.set(key, begun);
      items.push({ group: begun });
    }
    position = { ...position, change: { at: change.changed_at, id: change.id } };
    c += 1;
  }
  if (c === changes.rows.length && changes.more && changes.end) position = { ...position, change: changes.end };
  return {
    items: items.map((item) => ('group' in item ? closed(item.group) : { kind: 'event', event: item.event })),
    position,
    finished: !stopped && c === changes.rows.length && e === events.rows.length && !changes.more && !events.more,
  };
}

function begin(change: ActivityChange): OpenGroup {
  const { changed_by, image_id, changed_at } = change;
  const group: OpenGroup = {
    counts: {},
    annotations: new Set(),
    changed_by,
    image_id,
    last_at: changed_at,
    first_at: changed_at,
  };
  add(group, change);
  return group;
}

function add(group: OpenGroup, { action, annotation_id, changed_at }: ActivityChange): void {
  group.counts[action] = (group.counts[action] ?? 0) + 1;
  group.annotations.add(annotation_id);
  group.first_at = changed_at;
}

function closed<Event extends ActivityEvent>(group: OpenGroup): ActivityItem<Event> {
  const { annotations, ...rest } = group;
  return {
    kind: 'annotations',
    ...rest,
    annotations: annotations.size,
    annotation_ids: [...annotations].slice(0, MOST_NAMED),
  };
}

/** Begins of audit actions that every member may read in the feed. Tokens, invitations and refusals are not for them. */
const TOLD_IN_FEED = [
  'dataset.',
  'class.',
  'image.',
  'upload.',
  'export.create',
  'import.complete',
  'import.undo',
  'member.',
  'task.',
  'lock.force',
  'restore.person',
  'restore.version',
  'version.publish',
  'version.delete',
];

/** Conditions for the feed: begins of the actions it tells. */
export function feedActions(): readonly string[] {
  return TOLD_IN_FEED;
}

/** Details of an event that every member may read. */
const TOLD_DETAILS = [
  'split',
  'name',
  'path',
  'role',
  'user_id',
  'format',
  'task_type',
  'count',
  'skipped',
  'rejected',
  'changed',
  'images',
  'annotations',
  'added',
  'removed',
  'number',
];

/** What of an audit entry's details the feed shows. */
export function feedDetails(details: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(details).filter(([name]) => TOLD_DETAILS.includes(name)));
}
