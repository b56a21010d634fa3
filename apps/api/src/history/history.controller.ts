import type { Activity, UserSummary } from '@labelyard/contract';
import type { FeedEvent, FeedItem, LabelerDb } from '@labelyard/db';
import { annotationDifference, feedDetails } from '@labelyard/domain';
import { Controller } from '@nestjs/common';
import type { ProjectAuth } from '../auth/auth-context.js';
import { InjectLabelerDb } from '../connections.js';
import { Endpoint, type AnswerOf, type InputOf } from '../http/endpoint.js';
import { People } from '../people/people.js';

@Controller()
export class HistoryController {
  constructor(
    @InjectLabelerDb() private readonly db: LabelerDb,
    private readonly people: People,
  ) {}

  @Endpoint('annotations.history')
  async versions({ params, query }: InputOf<'annotations.history'>): Promise<AnswerOf<'annotations.history'>> {
    const { items, next_cursor } = await this.db.history.versions(params.annotation_id, query);
    const people = await this.people.summaries(items.map(({ changed_by }) => changed_by));
    return {
      items: items.map(({ previous, ...row }) => ({
        ...row,
        user: people.get(row.changed_by) ?? null,
        changes: annotationDifference(previous, row.annotation),
        deleted: row.action === 'delete' ? previous : null,
      })),
      next_cursor,
    };
  }

  @Endpoint('projects.history')
  async activity(
    { query }: InputOf<'projects.history'>,
    { project }: ProjectAuth,
  ): Promise<AnswerOf<'projects.history'>> {
    const { user_id: changed_by, ...filter } = query;
    const page = await this.db.history.feed({ ...filter, changed_by, project_id: project.project_id }, query);
    const people = await this.people.summaries(page.items.flatMap(peopleOf));
    const items = page.items.map((item) => toActivity(item, people, page.image_paths));
    return { items, next_cursor: page.next_cursor };
  }
}

function peopleOf(item: FeedItem): string[] {
  if (item.kind === 'annotations') return [item.changed_by];
  const about = aboutOf(item.event);
  return [item.event.actor_id, about].filter((id) => id !== null);
}

/** The person something was done to: what it is about, or named in its details. */
function aboutOf({ subject_type, subject_id, details }: Pick<FeedEvent, 'subject_type' | 'subject_id' | 'details'>) {
  if (subject_type === 'user' || subject_type === 'member') return subject_id;
  return typeof details.user_id === 'string' ? details.user_id : null;
}

function toActivity(
  item: FeedItem,
  people: ReadonlyMap<string, UserSummary>,
  paths: ReadonlyMap<number, string>,
): Activity {
  if (item.kind === 'annotations') {
    const { changed_by, annotation_ids, ...rest } = item;
    return {
      ...rest,
      annotation_ids: [...annotation_ids],
      user_id: changed_by,
      user: people.get(changed_by) ?? null,
      image_path: paths.get(item.image_id) ?? null,
    };
  }
  const { actor_id, details, ...event } = item.event;
  return {
    kind: 'event',
    ...event,
    user_id: actor_id,
    user: people.get(actor_id ?? '') ?? null,
    about: people.get(aboutOf(item.event) ?? '') ?? null,
    image_path: event.subject_type === 'image' ? (paths.get(Number(event.subject_id)) ?? null) : null,
    details: feedDetails(details),
  };
}
