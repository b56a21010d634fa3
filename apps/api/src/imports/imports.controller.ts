import type { ImportJob } from '@labelyard/contract';
import type { LabelerDb } from '@labelyard/db';
import { Controller, Inject } from '@nestjs/common';
import type { ProjectAuth } from '../auth/auth-context.js';
import { InjectLabelerDb } from '../connections.js';
import { Endpoint, type InputOf } from '../http/endpoint.js';
import { ImportService } from './import-service.js';

@Controller()
export class ImportsController {
  constructor(
    @Inject(ImportService) private readonly imports: ImportService,
    @InjectLabelerDb() private readonly db: LabelerDb,
  ) {}

  @Endpoint('imports.create')
  create({ body }: InputOf<'imports.create'>, auth: ProjectAuth): Promise<ImportJob> {
    const { project_id, format, upload_id, key, dry_run, ...choices } = body;
    const { dataset_id } = auth.project;
    return this.imports.create(auth, auth.user.id, {
      project_id,
      dataset_id,
      format,
      upload_id,
      key,
      dry_run,
      choices,
    });
  }

  @Endpoint('imports.list')
  list({ query }: InputOf<'imports.list'>) {
    const { project_id, ...page } = query;
    return this.imports.list(project_id, page);
  }

  @Endpoint('imports.get')
  get({ params }: InputOf<'imports.get'>): Promise<ImportJob> {
    return this.imports.get(params.import_id);
  }

  @Endpoint('imports.issues')
  issues({ params, query: { code, severity, ...page } }: InputOf<'imports.issues'>) {
    return this.db.importFindings.issues(params.import_id, { code, severity }, page);
  }

  @Endpoint('imports.pictures')
  async pictures({ params, query: { fate, ...page } }: InputOf<'imports.pictures'>) {
    const { items, next_cursor } = await this.db.importFindings.pictures(params.import_id, fate, page);
    return {
      items: items.map(({ staged: _, sha256: _hash, content_type: _type, ...picture }) => picture),
      next_cursor,
    };
  }

  @Endpoint('imports.start')
  start({ params, body }: InputOf<'imports.start'>, auth: ProjectAuth): Promise<ImportJob> {
    return this.imports.start(auth, auth.user.id, params.import_id, body);
  }

  @Endpoint('imports.cancel')
  cancel({ params }: InputOf<'imports.cancel'>, auth: ProjectAuth): Promise<ImportJob> {
    return this.imports.cancel(auth, auth.user.id, params.import_id);
  }

  @Endpoint('imports.undo_preview')
  undoPreview({ params }: InputOf<'imports.undo_preview'>, auth: ProjectAuth) {
    return this.db.imports.preview(params.import_id, auth.project.project_id);
  }

  @Endpoint('imports.changed')
  changed({ params, query }: InputOf<'imports.changed'>, auth: ProjectAuth) {
    return this.db.imports.changedSince(params.import_id, auth.project.project_id, query);
  }

  @Endpoint('imports.undo')
  undo({ params, body }: InputOf<'imports.undo'>, auth: ProjectAuth): Promise<ImportJob> {
    return this.imports.undo(auth, auth.user.id, params.import_id, body.remove_changed);
  }
}
