import type { RestorePreview } from '@labelyard/contract';
import type { LabelerDb, RestoreRow, RestoreScope, RestoreSelection } from '@labelyard/db';
import { can, DomainError } from '@labelyard/domain';
import { Controller, Inject } from '@nestjs/common';
import type { ProjectAuth } from '../auth/auth-context.js';
import { InjectLabelerDb } from '../connections.js';
import { Endpoint, type AnswerOf, type InputOf } from '../http/endpoint.js';
import { JsonText } from '../http/json-text.js';
import { People } from '../people/people.js';
import { toPreview, toRestore } from './restore-answer.js';
import { checkPeriod, RestoresService } from './restores.service.js';

@Controller()
export class TimeTravelController {
  constructor(
    @InjectLabelerDb() private readonly db: LabelerDb,
    private readonly people: People,
    @Inject(RestoresService) private readonly restores: RestoresService,
  ) {}

  @Endpoint('images.moments')
  async moments({ params, query }: InputOf<'images.moments'>): Promise<AnswerOf<'images.moments'>> {
    const { items, next_cursor } = await this.db.timeTravel.moments(params, query);
    const people = await this.people.summaries(items.map(({ changed_by }) => changed_by));
    return {
      items: items.map(({ at, changed_by, counts }) => ({
        at,
        user_id: changed_by,
        user: people.get(changed_by) ?? null,
        counts,
      })),
      next_cursor,
    };
  }

  @Endpoint('images.as_of')
  async asOf({ params, query: { at } }: InputOf<'images.as_of'>): Promise<AnswerOf<'images.as_of'>> {
    const items = await this.db.timeTravel.imageAsOf({ ...params, at });
    return new JsonText(`{"image_id":${params.image_id},"at":${JSON.stringify(at)},"items":${items}}`);
  }

  @Endpoint('images.restore_preview')
  previewImage(
    { params: { image_id }, query: { at } }: InputOf<'images.restore_preview'>,
    auth: ProjectAuth,
  ): Promise<RestorePreview> {
    return this.preview(scopeOf(auth), { kind: 'image', image_id, at });
  }

  @Endpoint('images.restore')
  async restoreImage(
    { params: { image_id }, body: { at } }: InputOf<'images.restore'>,
    auth: ProjectAuth,
  ): Promise<AnswerOf<'images.restore'>> {
    const answer = await this.answer(auth);
    return this.restores.now(auth, scopeOf(auth), { kind: 'image', image_id, at }, image_id, answer);
  }

  @Endpoint('annotations.restore')
  async restoreAnnotation(
    { params: { annotation_id }, body: { version } }: InputOf<'annotations.restore'>,
    auth: ProjectAuth,
  ): Promise<AnswerOf<'annotations.restore'>> {
    const place = await this.db.timeTravel.placeOfVersion(annotation_id, version);
    if (!place) {
      throw new DomainError('not_found', `The annotation has no version ${version}`, { annotation_id, version });
    }
    const selection = { kind: 'annotation', annotation_id, version, from_version: place.newest } as const;
    const answer = await this.answer(auth);
    return this.restores.now(auth, scopeOf(auth), selection, place.image_id, answer);
  }

  @Endpoint('restores.preview')
  previewPerson({ query }: InputOf<'restores.preview'>, auth: ProjectAuth): Promise<RestorePreview> {
    const { overwrite = false, ...named } = query;
    checkPeriod(named);
    return this.preview({ ...scopeOf(auth), overwrite }, { kind: 'person', ...named });
  }

  @Endpoint('restores.create')
  async restorePerson({ body }: InputOf<'restores.create'>, auth: ProjectAuth): Promise<AnswerOf<'restores.create'>> {
    const { overwrite = false, ...named } = body;
    checkPeriod(named);
    await this.restores.checkPerson(auth.project.project_id, named.user_id);
    const answer = await this.answer(auth);
    return this.restores.later(auth, { ...scopeOf(auth), overwrite }, { kind: 'person', ...named }, answer);
  }

  @Endpoint('restores.list')
  async list({ params, query }: InputOf<'restores.list'>): Promise<AnswerOf<'restores.list'>> {
    const { items, next_cursor } = await this.db.timeTravel.list(params.project_id, query);
    const people = await this.people.summaries(items.map(({ created_by }) => created_by));
    return { items: items.map((row) => toRestore(row, people)), next_cursor };
  }

  @Endpoint('restores.get')
  async get({ params }: InputOf<'restores.get'>): Promise<AnswerOf<'restores.get'>> {
    const row = await this.db.timeTravel.get(params.restore_id);
    if (!row) throw new DomainError('not_found', 'The restore does not exist', { ...params });
    return toRestore(row, await this.people.summaries([row.created_by]));
  }

  private async preview(scope: RestoreScope, selection: RestoreSelection): Promise<RestorePreview> {
    const preview = await this.db.timeTravel.preview(scope, selection);
    return toPreview(selection, preview, await this.people.summaries(preview.editors.map(({ user_id }) => user_id)));
  }

  /** Looked up before the transaction, which waits for nobody. */
  private async answer({ user }: ProjectAuth) {
    const people = await this.people.summaries([user.id]);
    return (row: RestoreRow) => toRestore(row, people);
  }
}

/** Whole images and single annotations go back whoever worked on them: that is what was asked for, and the preview tells. */
function scopeOf({ user, project }: ProjectAuth): RestoreScope {
  return {
    project_id: project.project_id,
    user_id: user.id,
    may_edit_verified: can(project.role, 'annotation.edit_verified'),
    overwrite: true,
  };
}
