import type { ImportChoices, ImportJob as ImportAnswer } from '@labelyard/contract';
import type { ImportRow, LabelerDb, LabelerTransaction, Page, PageRequest } from '@labelyard/db';
import { DomainError } from '@labelyard/domain';
import { FORMAT_NAMES } from '@labelyard/formats';
import type { Auth } from '../auth/auth-context.js';
import type { ProjectEvents } from '../events/project-events.js';
import { changeOnce } from '../idempotency/idempotency-scope.js';
import { cancelJob, enqueue } from '../jobs/task.js';
import { APPLY_IMPORT, CHECK_IMPORT, UNDO_IMPORT } from './import-tasks.js';

export interface NewImportRequest {
  readonly project_id: number;
  readonly dataset_id: number;
  readonly format: string;
  readonly upload_id?: number | undefined;
  readonly key?: string | undefined;
  readonly dry_run: boolean;
  readonly choices: ImportChoices;
}

/** The requests about imports; the work is done by jobs. */
export class ImportService {
  constructor(
    private readonly db: LabelerDb,
    private readonly events: ProjectEvents,
  ) {}

  create(auth: Auth, user_id: string, request: NewImportRequest): Promise<ImportAnswer> {
    const { project_id, format, dry_run, choices } = request;
    if (format !== 'auto' && !(FORMAT_NAMES as readonly string[]).includes(format)) {
      throw invalid('format', `is auto or one of ${FORMAT_NAMES.join(', ')}`);
    }
    return changeOnce(this.db, auth, 201, async (tx) => {
      const source = await sourceOf(tx, request);
      await checkMapping(tx, project_id, choices);
      const row = await tx.imports.create(
        { project_id, source, format, choices: { ...choices }, created_by: user_id },
        dry_run ? 'checking' : 'applying',
      );
      await enqueue(tx.sql, dry_run ? CHECK_IMPORT : APPLY_IMPORT, { import_id: row.id });
      await tx.audit.record({
        project_id,
        actor_id: user_id,
        action: dry_run ? 'import.check' : 'import.start',
        subject_type: 'import',
        subject_id: row.id,
        details: { name: source.name, format },
      });
      await this.events.publish(tx.sql, project_id, { type: 'import', import_id: row.id });
      return toAnswer(row);
    });
  }

  async get(import_id: number): Promise<ImportAnswer> {
    return toAnswer(present(await this.db.imports.get(import_id), import_id));
  }

  async list(project_id: number, page: PageRequest): Promise<Page<ImportAnswer>> {
    const { items, next_cursor } = await this.db.imports.list(project_id, page);
    return { items: items.map(toAnswer), next_cursor };
  }

  /** `ready` → `applying`; also once more after a failure or a cancelled attempt that had a report. */
  start(auth: Auth, user_id: string, import_id: number, choices: ImportChoices): Promise<ImportAnswer> {
    return changeOnce(this.db, auth, 200, async (tx) => {
      const row = present(await tx.imports.lock(import_id), import_id);
      if (!row.report || !['ready', 'failed', 'cancelled'].includes(row.status)) {
        throw new DomainError('closed', `The import is ${row.status}; only one that was looked at can be started`);
      }
      await checkMapping(tx, row.project_id, choices);
      await tx.imports.advance(import_id, ['ready', 'failed', 'cancelled'], 'applying', { choices });
      await enqueue(tx.sql, APPLY_IMPORT, { import_id });
      return this.told(tx, row, user_id, 'import.start', { existing: choices.existing, state: choices.state });
    });
  }

  cancel(auth: Auth, user_id: string, import_id: number): Promise<ImportAnswer> {
    return changeOnce(this.db, auth, 200, async (tx) => {
      const row = present(await tx.imports.lock(import_id), import_id);
      const cancelled = await tx.imports.advance(import_id, ['checking', 'ready', 'applying'], 'cancelled');
      if (!cancelled) throw new DomainError('closed', `The import is ${row.status} already`);
      await cancelJob(tx.sql, CHECK_IMPORT, { import_id });
      await cancelJob(tx.sql, APPLY_IMPORT, { import_id });
      return this.told(tx, row, user_id, 'import.cancel', {});
    });
  }

  undo(auth: Auth, user_id: string, import_id: number, remove_changed: boolean): Promise<ImportAnswer> {
    return changeOnce(this.db, auth, 200, async (tx) => {
      const row = present(await tx.imports.lock(import_id), import_id);
      if (!(await tx.imports.advance(import_id, ['completed'], 'undoing'))) {
        throw new DomainError('closed', `The import is ${row.status}; only a completed one can be taken back`);
      }
      await enqueue(tx.sql, UNDO_IMPORT, { import_id, user_id, remove_changed });
      await this.events.publish(tx.sql, row.project_id, { type: 'import', import_id });
      return toAnswer(present(await tx.imports.get(import_id), import_id));
    });
  }

  private async told(
    tx: LabelerTransaction,
    { id, project_id }: ImportRow,
    user_id: string,
    action: string,
    details: Record<string, unknown>,
  ): Promise<ImportAnswer> {
    await tx.audit.record({ project_id, actor_id: user_id, action, subject_type: 'import', subject_id: id, details });
    await this.events.publish(tx.sql, project_id, { type: 'import', import_id: id });
    return toAnswer(present(await tx.imports.get(id), id));
  }
}

async function sourceOf(tx: LabelerTransaction, { upload_id, key, project_id, dataset_id }: NewImportRequest) {
  if ((upload_id === undefined) === (key === undefined)) throw invalid('upload_id', 'or key is needed, and not both');
  if (key !== undefined) {
    const object = await tx.imports.exportObject(project_id, key);
    if (!object) throw invalid('key', 'is no completed export of this project');
    const name = key.slice(key.lastIndexOf('/') + 1);
    return { name, key, files: 1, bytes: object.size_bytes, expires_at: null };
  }
  const found = await tx.uploads.get(upload_id as number);
  if (!found || found.upload.dataset_id !== dataset_id) throw invalid('upload_id', 'is no upload of this dataset');
  const { upload, files } = found;
  if (upload.purpose !== 'import')
    throw invalid('upload_id', 'was announced for images; announce it with purpose import');
  if (upload.status === 'expired') throw invalid('upload_id', 'has expired: upload the files again');
  const there = files.filter(({ status }) => status === 'completed');
  const missing = files.find(({ status }) => status === 'pending');
  if (missing) throw invalid('upload_id', `is not complete: "${missing.path}" is missing`);
  const [first] = there;
  if (!first) throw invalid('upload_id', 'holds no file');
  return {
    name: there.length === 1 ? first.path : (first.path.split('/')[0] ?? first.path),
    upload_id,
    files: there.length,
    bytes: there.reduce((sum, { size_bytes }) => sum + size_bytes, 0),
    expires_at: upload.expires_at,
  };
}

/** Chosen classes are classes of the project, and of the task they are chosen for. */
async function checkMapping(tx: LabelerTransaction, project_id: number, { classes }: ImportChoices): Promise<void> {
  if (classes.length === 0) return;
  const known = new Map((await tx.classes.list(project_id)).map((row) => [row.id, row]));
  const seen = new Set<string>();
  const issues = classes.flatMap(({ task_type, name, to }, n) => {
    const key = `${task_type} ${name.toLowerCase()}`;
    if (seen.has(key)) return [{ path: `classes.${n}`, code: 'duplicate', message: 'maps the same class twice' }];
    seen.add(key);
    if (!('class_id' in to) || known.get(to.class_id)?.task_type === task_type) return [];
    return [{ path: `classes.${n}.to.class_id`, code: 'unknown_class', message: `is no ${task_type} class of the project` }]; // prettier-ignore
  });
  if (issues.length > 0) throw new DomainError('validation_failed', 'Some classes cannot be mapped like this', issues);
}

function invalid(path: string, message: string): DomainError {
  return new DomainError('validation_failed', `${path} ${message}`, [{ path, code: 'invalid', message }]);
}

function present(row: ImportRow | null, import_id: number): ImportRow {
  if (!row) throw new DomainError('not_found', 'The import does not exist', { import_id });
  return row;
}

function toAnswer(row: ImportRow): ImportAnswer {
  const { name, files, bytes, expires_at } = row.source as ImportAnswer['source'];
  return { ...(row as unknown as ImportAnswer), source: { name, files, bytes, expires_at } };
}
