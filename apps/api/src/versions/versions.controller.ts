import type { LabelerDb, RestoreScope } from '@labelyard/db';
import { Controller, Inject } from '@nestjs/common';
import { AuditTrail } from '../audit/audit-trail.js';
import type { ProjectAuth } from '../auth/auth-context.js';
import { InjectLabelerDb } from '../connections.js';
import { toPreview, toRestore } from '../history/restore-answer.js';
import { RestoresService } from '../history/restores.service.js';
import { currentRequestId } from '../http/current-request.js';
import { Endpoint, type AnswerOf, type InputOf } from '../http/endpoint.js';
import { JsonText } from '../http/json-text.js';
import { toImage } from '../images/upload-report.js';
import { People } from '../people/people.js';
import { VersionsService } from './versions.service.js';

@Controller()
export class VersionsController {
  constructor(
    @InjectLabelerDb() private readonly db: LabelerDb,
    @Inject(VersionsService) private readonly versions: VersionsService,
    @Inject(RestoresService) private readonly restores: RestoresService,
    private readonly people: People,
    private readonly trail: AuditTrail,
  ) {}

  @Endpoint('versions.check')
  check({ params, query }: InputOf<'versions.check'>): Promise<AnswerOf<'versions.check'>> {
    return this.versions.check(params.project_id, query.include_drafts ?? false);
  }

  @Endpoint('versions.publish')
  publish({ body }: InputOf<'versions.publish'>, auth: ProjectAuth): Promise<AnswerOf<'versions.publish'>> {
    return this.versions.publish(auth, body);
  }

  @Endpoint('versions.list')
  list({ params, query }: InputOf<'versions.list'>): Promise<AnswerOf<'versions.list'>> {
    return this.versions.list(params.project_id, query);
  }

  /** A link is good for whoever has it: the audit log says to whom it was given. */
  @Endpoint('versions.get')
  async get({ params }: InputOf<'versions.get'>, { user, project }: ProjectAuth): Promise<AnswerOf<'versions.get'>> {
    const version = await this.versions.get(params.version_id);
    if (version.download_url) {
      this.trail.noteOnce(user.id, `version ${version.id}`, {
        project_id: project.project_id,
        actor_id: user.id,
        action: 'version.link',
        subject_type: 'version',
        subject_id: version.id,
        details: { number: version.number },
        request_id: currentRequestId(),
      });
    }
    return version;
  }

  @Endpoint('versions.classes')
  async classes({ params }: InputOf<'versions.classes'>): Promise<AnswerOf<'versions.classes'>> {
    return { items: await this.db.versions.classes(params.version_id) };
  }

  @Endpoint('versions.delete')
  remove({ params }: InputOf<'versions.delete'>, auth: ProjectAuth): Promise<void> {
    return this.versions.remove(auth, params.version_id);
  }

  @Endpoint('versions.diff')
  async diff({ params }: InputOf<'versions.diff'>, { project }: ProjectAuth): Promise<AnswerOf<'versions.diff'>> {
    const sides = await this.versions.sides(project.project_id, params.version_id, params.other);
    return (await this.db.versions.diffSummary(...sides)) as AnswerOf<'versions.diff'>;
  }

  @Endpoint('versions.diff_images')
  async diffImages(
    { params, query }: InputOf<'versions.diff_images'>,
    { project }: ProjectAuth,
  ): Promise<AnswerOf<'versions.diff_images'>> {
    const sides = await this.versions.sides(project.project_id, params.version_id, params.other);
    return this.db.versions.listDiff(...sides, query);
  }

  @Endpoint('versions.diff_image')
  async diffImage(
    { params }: InputOf<'versions.diff_image'>,
    { project }: ProjectAuth,
  ): Promise<AnswerOf<'versions.diff_image'>> {
    const sides = await this.versions.sides(project.project_id, params.version_id, params.other);
    const [items, [image]] = await Promise.all([
      this.db.versions.imageDiff(...sides, params.image_id),
      this.db.images.byIds(project.dataset_id, [params.image_id]),
    ]);
    return new JsonText(`{"image":${JSON.stringify(image ? toImage(image) : null)},"items":${items}}`);
  }

  @Endpoint('versions.restore_preview')
  async previewRestore(
    { params: { version_id } }: InputOf<'versions.restore_preview'>,
    auth: ProjectAuth,
  ): Promise<AnswerOf<'versions.restore_preview'>> {
    await this.versions.published(version_id, auth.project.project_id);
    const selection = { kind: 'version', version_id } as const;
    const preview = await this.db.timeTravel.preview(scopeOf(auth), selection);
    return toPreview(selection, preview, await this.people.summaries(preview.editors.map(({ user_id }) => user_id)));
  }

  @Endpoint('versions.restore')
  async restore(
    { params: { version_id } }: InputOf<'versions.restore'>,
    auth: ProjectAuth,
  ): Promise<AnswerOf<'versions.restore'>> {
    const { number } = await this.versions.published(version_id, auth.project.project_id);
    const people = await this.people.summaries([auth.user.id]);
    const selection = { kind: 'version', version_id } as const;
    return this.restores.later(auth, scopeOf(auth), selection, (row) => toRestore(row, people), { number });
  }
}

/** A version comes back whoever worked since: that is what was asked for, and the preview tells. */
function scopeOf({ user, project }: ProjectAuth): RestoreScope {
  return { project_id: project.project_id, user_id: user.id, may_edit_verified: true, overwrite: true };
}
