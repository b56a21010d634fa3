import {
  feedActions,
  groupActivity,
  type ActivityChange,
  type ActivityItem,
  type ActivityPosition,
  type Annotation,
  type HistoryAction,
} from '@labelyard/domain';
import type { Connection } from '../../connection/sql.js';
import { decodeCursor, encodeCursor, type Page, pageOf, type PageRequest } from '../paging.js';
import { annotationJson } from './annotation-json.js';

/** One version of an annotation and the change that made it. */
export interface AnnotationVersionRow {
  readonly version: number;
  readonly action: HistoryAction;
  readonly changed_at: string;
  readonly changed_by: string;
  /** The annotation after the change; null when the change deleted it. */
  readonly annotation: Annotation | null;
  /** The annotation before the change. */
  readonly previous: Annotation | null;
}

export interface ActivityFilter {
  readonly project_id: number;
  readonly changed_by?: string | undefined;
  readonly image_id?: number | undefined;
  /** Only this kind of change; `administration`: only what was done to the project itself. */
  readonly action?: HistoryAction | 'administration' | undefined;
  /** Only annotations that had or got this class. */
  readonly class_id?: number | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

/** An administrative change as the feed tells it. */
export interface FeedEvent {
  readonly id: number;
  readonly happened_at: string;
  readonly actor_id: string | null;
  readonly action: string;
  readonly subject_type: string | null;
  readonly subject_id: string | null;
  readonly details: Record<string, unknown>;
}

export type FeedItem = ActivityItem<FeedEvent>;

export interface FeedPage extends Page<FeedItem> {
  /** Paths of the images the items name; one that is gone has none. */
  readonly image_paths: ReadonlyMap<number, string>;
}

const VERSIONS = 'annotation_versions';
const FEED = 'activity';
/** Changes read for one page. A page costs the same however long the history is; where little fits the filter it is short. */
const SCANNED = 2_000;
/** The class of a change lies in its JSON, which is slower to look at. */
const SCANNED_BY_CLASS = 500;

/** What was done, to one annotation and in a whole project. */
export class HistoryRepository {
  constructor(private readonly connection: Connection) {}

  /** Versions of an annotation, also of a deleted one, newest first. */
  async versions(annotation_id: number, { limit, cursor }: PageRequest): Promise<Page<AnnotationVersionRow>> {
    const before = decodeCursor<[number]>(VERSIONS, ['number'], cursor);
    const rows = await this.connection.rows<AnnotationVersionRow>(
      `select h.version, h.action, h.changed_at, h.changed_by, h.previous,
          case when n.version is not null then n.previous else (
            select (${annotationJson('a')})::json from annotations a where a.id = h.annotation_id and a.version = h.version
          ) end as annotation
        from annotation_history h
        left join annotation_history n on n.annotation_id = h.annotation_id and n.version = h.version + 1
        where h.annotation_id = $1 and ($2::integer is null or h.version < $2)
        order by h.version desc limit $3`,
      [annotation_id, before?.[0] ?? null, limit + 1],
    );
    return pageOf(rows, limit, (last) => encodeCursor(VERSIONS, [last.version]));
  }

  /** What happened in a project, newest first. Three statements, whatever the size of the history and of the page. */
  async feed(filter: ActivityFilter, { limit, cursor }: PageRequest): Promise<FeedPage> {
    const from = positionOf(cursor);
    const [changes, events] = await Promise.all([this.changes(filter, from), this.events(filter, from, limit)]);
    const { items, position, finished } = groupActivity({ changes, events, from }, limit);
    const { change, event } = position;
    return {
      items: [...items],
      next_cursor: finished
        ? null
        : encodeCursor(FEED, [change?.at ?? '', change?.id ?? 0, event?.at ?? '', event?.id ?? 0]),
      image_paths: await this.imagePaths(items),
    };
  }

  private async changes(filter: ActivityFilter, { change }: ActivityPosition) {
    if (filter.action === 'administration') return { rows: [], more: false };
    const { class_id, action } = filter;
    const scanned = class_id === undefined ? SCANNED : SCANNED_BY_CLASS;
    const where = new Conditions(
      [filter.project_id, class_id ?? null, action ?? null, scanned + 1],
      'h.project_id = $1',
    );
    where.add('h.image_id =', filter.image_id);
    where.add('h.changed_by =', filter.changed_by);
    where.between('h.changed_at', filter);
    if (change) where.before('h.changed_at', change);
    const read = await this.connection.rows<ActivityChange & { readonly fits: boolean }>(
      `select h.id, h.changed_at, h.changed_by, h.image_id, h.annotation_id, h.action,
          ($3::text is null or h.action = $3) and ($2::bigint is null or ${class_id === undefined ? 'true' : HAS_CLASS})
            and not ${WITH_ITS_IMAGE} as fits
        from annotation_history h where ${where.text}
        order by h.changed_at desc, h.id desc limit $4`,
      where.values,
    );
    const rows = read.slice(0, scanned);
    const last = rows.at(-1);
    return {
      rows: rows.filter(({ fits }) => fits),
      more: read.length > scanned,
      end: last ? { at: last.changed_at, id: last.id } : null,
    };
  }

  private async events(filter: ActivityFilter, { event }: ActivityPosition, limit: number) {
    const { action, class_id, image_id } = filter;
    if ((action !== undefined && action !== 'administration') || class_id !== undefined)
      return { rows: [], more: false };
    const where = new Conditions(
      [filter.project_id, feedActions().map((begin) => `${begin}%`), limit + 1],
      `project_id = $1 and outcome = 'done' and action like any ($2::text[])`,
    );
    where.add('actor_id =', filter.changed_by);
    where.add(`subject_type = 'image' and subject_id =`, image_id === undefined ? undefined : String(image_id));
    where.between('happened_at', filter);
    if (event) where.before('happened_at', event);
    const rows = await this.connection.rows<FeedEvent>(
      `select id, happened_at, actor_id, action, subject_type, subject_id, details from audit_log
        where ${where.text} order by happened_at desc, id desc limit $3`,
      where.values,
    );
    return { rows: rows.slice(0, limit), more: rows.length > limit };
  }

  private async imagePaths(items: readonly FeedItem[]): Promise<ReadonlyMap<number, string>> {
    const ids = new Set(
      items.flatMap((item) => {
        if (item.kind === 'annotations') return [item.image_id];
        return item.event.subject_type === 'image' ? [Number(item.event.subject_id)] : [];
      }),
    );
    if (ids.size === 0) return new Map();
    const rows = await this.connection.rows<{ id: number; path: string }>(
      `select id, path from image_metadata where id = any ($1::bigint[])`,
      [[...ids]],
    );
    return new Map(rows.map(({ id, path }) => [id, path]));
  }
}

/** Whether history row `h` is of a label that went with its image: told once, by the image. */
const WITH_ITS_IMAGE = `(h.action = 'delete' and exists (
    select from deleted_images d where d.image_id = h.image_id and d.deleted_at = h.changed_at))`;

/** Whether the annotation of history row `h` had class $2 before the change or has it after. */
const HAS_CLASS = `(coalesce((h.previous->>'class_id')::bigint = $2, false) or coalesce((
    select case when n.version is not null then (n.previous->>'class_id')::bigint else a.class_id end = $2
    from (select 1) one
    left join annotation_history n on n.annotation_id = h.annotation_id and n.version = h.version + 1
    left join annotations a on a.id = h.annotation_id and a.version = h.version
    limit 1
  ), false))`;

/** Conditions that grow with what is asked for. */
class Conditions {
  constructor(
    readonly values: unknown[],
    public text: string,
  ) {}

  add(comparison: string, value: unknown): void {
    if (value === undefined) return;
    this.values.push(value);
    this.text += ` and ${comparison} $${this.values.length}`;
  }

  between(column: string, { since, until }: Pick<ActivityFilter, 'since' | 'until'>): void {
    this.add(`${column} >=`, since);
    this.add(`${column} <`, until);
  }

  before(column: string, { at, id }: { readonly at: string; readonly id: number }): void {
    this.values.push(at, id);
    const prefix = column.startsWith('h.') ? 'h.' : '';
    this.text += ` and (${column}, ${prefix}id) < ($${this.values.length - 1}::timestamptz, $${this.values.length})`;
  }
}

function positionOf(cursor: string | null | undefined): ActivityPosition {
  const values = decodeCursor<[string, number, string, number]>(FEED, ['string', 'number', 'string', 'number'], cursor);
  if (!values) return { change: null, event: null };
  const [change_at, change_id, event_at, event_id] = values;
  return {
    change: change_at ? { at: change_at, id: change_id } : null,
    event: event_at ? { at: event_at, id: event_id } : null,
  };
}
