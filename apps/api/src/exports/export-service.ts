import { basename } from 'node:path/posix';
import {
  exportProblems,
  type ExportChoices,
  type ExportCreateBody,
  type ExportJob as ExportAnswer,
  type ExportPreview,
} from '@labelyard/contract';
import type { ExportRow, ExportStatus, LabelerDb, LabelerTransaction, PageRequest, VersionRow } from '@labelyard/db';
import { can, DomainError } from '@labelyard/domain';
import type { StorageDriver } from '@labelyard/storage';
import type { ProjectAuth } from '../auth/auth-context.js';
import type { Events } from '../events/events.js';
import type { ProjectEvents } from '../events/project-events.js';
import { InvalidRequest, type FieldProblem } from '../http/request-input.js';
import { changeOnce, claimed } from '../idempotency/idempotency-scope.js';
import { enqueue } from '../jobs/task.js';
import { cleanSoon } from './clean-exports-job.js';
import { RUN_EXPORT } from './export-job.js';
import { choicesOf } from './export-plan.js';
import { previewExport } from './export-preview.js';

/** How long a link in an answer works; each answer has a new one. */
const LINK_SECONDS = 3600;
/** An event may be missed while the database session is re-established. */
const LOOK_AGAIN_MS = 2_000;

const FINISHED: readonly ExportStatus[] = ['completed', 'failed', 'cancelled', 'expired'];

export class ExportService {
  constructor(
    private readonly db: LabelerDb,
    private readonly storage: StorageDriver,
    private readonly events: Events,
    private readonly projectEvents: ProjectEvents,
  ) {}

  /** @throws InvalidRequest for what does not fit the project */
  async create(auth: ProjectAuth, body: ExportCreateBody): Promise<ExportAnswer> {
    const version = await this.versionOf(auth, body);
    const task_types = version?.task_types ?? auth.project.task_types;
    await this.check(auth, body, version);
    return this.begin(auth, body.format, choicesOf(body, task_types, version));
  }

  /** Once more, with the choices of an earlier one. */
  async repeat(auth: ProjectAuth, export_id: number): Promise<ExportAnswer> {
    const { format, options } = await this.row(export_id);
    return this.begin(auth, format, options);
  }

  async preview(auth: ProjectAuth, body: ExportCreateBody): Promise<ExportPreview> {
    const version = await this.versionOf(auth, body);
    await this.check(auth, body, version);
    return previewExport(this.db, auth, body, new Date(), version);
  }

  /** Stops one that is under way; its worker notices within a second. @throws closed when it is finished */
  async cancel(auth: ProjectAuth, export_id: number): Promise<ExportAnswer> {
    const row = await this.row(export_id);
    assertOwn(auth, row);
    return changeOnce(this.db, auth, 200, async (tx) => {
      if (!(await tx.exports.cancel(export_id))) throw new DomainError('closed', 'The export is finished already');
      await cleanSoon(tx.sql);
      await this.announce(tx, auth, 'export.cancel', row);
      return this.toAnswer((await tx.exports.get(export_id)) ?? row);
    });
  }

  /** @throws in_use while it is under way */
  async delete(auth: ProjectAuth, export_id: number): Promise<void> {
    const row = await this.row(export_id);
    assertOwn(auth, row);
    await this.db.transaction(async (tx) => {
      if (!(await tx.exports.delete(export_id)))
        throw new DomainError('in_use', 'The export is under way; cancel it first', { status: row.status });
      await cleanSoon(tx.sql);
      await this.announce(tx, auth, 'export.delete', row);
    });
  }

  /** The export as it is when it ends, or when the time is over or the caller is gone. */
  async wait(export_id: number, wait_ms: number, gone: AbortSignal): Promise<ExportAnswer> {
    const deadline = Date.now() + wait_ms;
    const bell = new Bell();
    const unsubscribe = this.events.subscribe(`export:${export_id}`, () => bell.ring());
    gone.addEventListener('abort', () => bell.ring(), { once: true });
    try {
      for (;;) {
        const answer = await this.get(export_id);
        const left = deadline - Date.now();
        if (FINISHED.includes(answer.status) || left <= 0 || gone.aborted) return answer;
        await bell.heard(Math.min(left, LOOK_AGAIN_MS));
      }
    } finally {
      unsubscribe();
    }
  }

  async get(export_id: number): Promise<ExportAnswer> {
    return this.toAnswer(await this.row(export_id));
  }

  async list(project_id: number, page: PageRequest): Promise<{ items: ExportAnswer[]; next_cursor: string | null }> {
    const { items, next_cursor } = await this.db.exports.list(project_id, page);
    return { items: items.map((row) => this.toAnswer(row)), next_cursor };
  }

  /** Row and job in one transaction. */
  private async begin(auth: ProjectAuth, format: string, choices: ExportChoices): Promise<ExportAnswer> {
    const { project_id } = auth.project;
    const row = await this.db.transaction(async (tx) => {
      const created = await tx.exports.create({ project_id, format, options: choices, created_by: auth.user.id });
      await enqueue(tx.sql, RUN_EXPORT, { export_id: created.id });
      await this.announce(tx, auth, 'export.create', created, choices);
      return created;
    }, claimed(auth));
    return this.toAnswer(row);
  }

  /** Null for the working copy. */
  private async versionOf({ project }: ProjectAuth, { version_id }: ExportCreateBody): Promise<VersionRow | null> {
    if (version_id === undefined) return null;
    const row = await this.db.versions.get(version_id);
    const problem = (code: string, message: string) =>
      new InvalidRequest([{ in: 'body', path: 'version_id', code, message }]);
    if (row?.project_id !== project.project_id)
      throw problem('not_of_project', `${version_id} is no version of the project`);
    if (row.status !== 'published')
      throw problem('not_published', `version ${row.number} is not published (any more): its content is not there`);
    return row;
  }

  /** What was asked for must be in the project, or in its version. */
  private async check({ project }: ProjectAuth, body: ExportCreateBody, version: VersionRow | null): Promise<void> {
    const { task_type, class_id } = body;
    const task_types = version?.task_types ?? project.task_types;
    const problems: FieldProblem[] = [];
    const problem = (path: string, message: string) =>
      problems.push({ in: 'body', path, code: 'not_of_project', message });
    if (task_type && !task_types.includes(task_type))
      problem(
        'task_type',
        `is "${task_type}", but ${version ? `version ${version.number}` : 'the project'} is for ${task_types.join(', ')}`,
      );
    if (class_id !== undefined) {
      const classes = version ? this.db.versions.classes(version.id) : this.db.classes.list(project.project_id);
      const known = new Map((await classes).map((row) => [row.id, row]));
      for (const id of [class_id].flat()) {
        const row = known.get(id);
        if (!row) problem('class_id', `${id} is no class of ${version ? `version ${version.number}` : 'the project'}`);
        else if (task_type && row.task_type !== task_type)
          problem('class_id', `${id} ("${row.name}") is a class for ${row.task_type}, not for ${task_type}`);
      }
    }
    // Once more, with what the project makes of options that were left out.
    const { options = {} } = choicesOf(body, task_types, version);
    for (const { path, message } of exportProblems({ ...body, options }))
      problems.push({ in: 'body', path, code: 'custom', message });
    if (problems.length > 0) throw new InvalidRequest(problems);
  }

  private async row(export_id: number): Promise<ExportRow> {
    const row = await this.db.exports.get(export_id);
    if (!row) throw new DomainError('not_found', 'The export does not exist', { export_id });
    return row;
  }

  private async announce(
    tx: LabelerTransaction,
    { user }: ProjectAuth,
    action: string,
    { id, project_id, format }: ExportRow,
    choices: ExportChoices = {},
  ): Promise<void> {
    await this.events.notify(tx.sql, `export:${id}`);
    await this.projectEvents.publish(tx.sql, project_id, { type: 'export', export_id: id });
    await tx.audit.record({
      project_id,
      actor_id: user.id,
      action,
      subject_type: 'export',
      subject_id: id,
      details: { format, ...choices },
    });
  }

  private toAnswer({ storage_key, multipart_upload_id: _, ...row }: ExportRow): ExportAnswer {
    const key = row.status === 'completed' ? storage_key : null;
    return {
      ...(row as unknown as ExportAnswer),
      key,
      download_url: key && this.storage.signGet(key, { expires_in: LINK_SECONDS, download_name: basename(key) }),
    };
  }
}

/** People stop and delete what they began themselves; admins anything. */
function assertOwn({ user, project }: ProjectAuth, { created_by }: ExportRow): void {
  if (created_by === user.id || can(project.role, 'export.manage')) return;
  throw new DomainError('forbidden', 'Only who began an export, an admin or the owner can stop or delete it');
}

/** Wakes one waiter; a ring before the wait begins counts. */
class Bell {
  private rung = false;
  private wake: (() => void) | null = null;

  ring(): void {
    this.rung = true;
    this.wake?.();
  }

  async heard(at_most_ms: number): Promise<void> {
    if (!this.rung) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, at_most_ms);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.rung = false;
    this.wake = null;
  }
}
