import { importChoices } from '@labelyard/contract';
import type { ImportRow, ImportStatus, LabelerDb, LabelerTransaction } from '@labelyard/db';
import { STAGED_TABLE, stagedLine, type StagedAnnotation } from '@labelyard/db';
import { DomainError } from '@labelyard/domain';
import { FORMATS, recogniseImport, UnreadableFile, type FormatName, type Recognition } from '@labelyard/formats';
import { ObjectNotFound, type Storage } from '@labelyard/storage';
import type { ProjectEvents } from '../events/project-events.js';
import type { ImageReader } from '../images/image-reader.js';
import type { PictureKeeper } from '../images/picture-keeper.js';
import type { JobHandler, JobRun } from '../jobs/job-registry.js';
import type { LogLine } from '../jobs/queue-log.js';
import type { Task } from '../jobs/task.js';
import { ImageFinder } from './image-finder.js';
import { commitImport, NotWanted } from './import-commit.js';
import { ImportPass, type PassOutcome } from './import-pass.js';
import { filesGone, openSource, stagedObjects, type ImportSource } from './import-source.js';
import type { ImportPayload } from './import-tasks.js';
import { IssueList } from './issue-list.js';
import { passPictures } from './picture-pass.js';
import { pictureTargets } from './picture-targets.js';
import { stagedPictureKey, sweepPictures } from './staged-pictures.js';

export interface ImportJobOptions {
  readonly db: LabelerDb;
  readonly storage: Storage;
  readonly events: ProjectEvents;
  readonly reader: ImageReader;
  readonly keeper: PictureKeeper;
  readonly log: LogLine;
  /** Where files lie while they are read. */
  readonly folder: string;
  readonly max_import_bytes: number;
  readonly max_upload_bytes: number;
}

/** Of one archive. The directory is kept in memory. */
const MAX_ENTRIES = 500_000;
/** Deflate packs labels tightly; ten times the largest upload is more than any of them. */
const UNPACKED_SHARE = 10;
/** Characters of rows on their way to the database: larger ones outlive the young generation, and pile up. */
const SENT_AT_ONCE = 32 * 1024;
/** Class ids reserved together; those that no class takes are lost. */
const CLASS_IDS = 50;
const PROGRESS_MS = 500;
/** A share of the way is making it visible. */
const READING_SHARE = 0.85;

/** Codes of what breaks a whole file. */
const DAMAGED: ReadonlySet<string> = new Set(['truncated', 'bad_archive', 'bad_encoding', 'bad_xml', 'bad_yaml']);

/**
 * Looks at an import's files (`checking`), or imports them (`applying`): the same reading, drained or stored. Stored rows wait in a
 * table of the job's own session; one transaction at the end makes all of them visible, or none (docs/adr).
 */
export class ImportJob implements JobHandler<ImportPayload> {
  constructor(
    readonly task: Task<ImportPayload>,
    private readonly status: ImportStatus & ('checking' | 'applying'),
    private readonly options: ImportJobOptions,
  ) {}

  async run({ import_id }: ImportPayload, { signal }: JobRun): Promise<void> {
    const { db, log } = this.options;
    const row = await db.imports.begin(import_id, this.status);
    if (!row) return;
    await this.tell(row);
    try {
      await this.work(row, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof NotWanted) return await this.sweep(row);
      const failure = finalFailure(error);
      if (!failure) throw error;
      log('warn', 'An import cannot be done', { import_id, err: error as Error });
      await db.imports.advance(import_id, [this.status], 'failed', { error: failure });
      await this.sweep(row);
    }
    await this.tell(row);
  }

  async gaveUp(tx: LabelerTransaction, { import_id }: ImportPayload, message: string): Promise<void> {
    await tx.imports.advance(import_id, [this.status], 'failed', {
      error: {
        code: 'internal',
        message: `It was tried ${this.task.max_attempts} times without success (${message}). Nothing was imported; start it again later.`,
      },
    });
    const row = await tx.imports.get(import_id);
    if (row) await this.options.events.publish(tx.sql, row.project_id, { type: 'import', import_id });
  }

  private async work(row: ImportRow, signal: AbortSignal): Promise<void> {
    const { db, folder, max_import_bytes } = this.options;
    const project = await db.projects.get(row.project_id);
    if (!project) throw new NotWanted();
    const { dataset_id, task_types } = project;
    const staged = await stagedObjects(db, row);
    await using source = await openSource(staged, {
      storage: staged.from === 'annotations' ? this.options.storage.annotations : this.options.storage.datasets,
      folder,
      max_bytes: max_import_bytes,
      limits: { max_entries: MAX_ENTRIES, max_unpacked_bytes: UNPACKED_SHARE * max_import_bytes },
      signal,
    });
    if (row.sha256 !== null && row.sha256 !== source.sha256) {
      throw new DomainError('validation_failed', 'The files are not those that were looked at; upload them again');
    }
    const recognition = await recognised(row, source);
    const issues = new IssueList();
    for (const issue of source.issues) issues.add(issue);
    const choices = importChoices.parse(row.choices);
    const applying = this.status === 'applying';
    const step = this.stepper(row, source, signal);
    const finder = new ImageFinder();
    for await (const images of db.importTarget.walkImages(dataset_id)) for (const image of images) finder.add(image);
    if (row.sha256 === null) await db.importFindings.removePictures(row.id);
    const pictures = await passPictures(source, finder, issues, {
      ...this.options,
      targets: await pictureTargets(source.files, recognition.format),
      datasets: this.options.storage.datasets,
      max_bytes: this.options.max_upload_bytes,
      import_id: row.id,
      dataset_id,
      new_images: choices.new_images,
      stagedKey: applying ? (n) => stagedPictureKey(dataset_id, row.id, n) : null,
      step,
      signal,
    });
    const ids = applying ? new ClassIds(db) : null;
    const pass = new ImportPass(source, finder, issues, {
      recognition,
      read: FORMATS[recognition.format].read,
      choices,
      task_types,
      classes: await db.classes.list(row.project_id),
      newClassId: ids && (() => ids.next()),
      pictures,
      step,
    });
    if (!applying) {
      for await (const _ of pass.rows()) continue;
      const { report, issues: list } = await this.completed(pass);
      await db.transaction(async (tx) => {
        await tx.importFindings.replaceIssues(row.id, list);
        const { sha256 } = source;
        await tx.imports.advance(row.id, ['checking'], 'ready', { recognised: recognition.format, sha256, report });
      });
      return;
    }
    await using session = await db.openBulk();
    await session.sql.run(STAGED_TABLE.create);
    await session.copyIn(STAGED_TABLE.copy, linesOf(pass.rows()));
    await session.sql.run(STAGED_TABLE.analyze);
    const outcome = await this.completed(pass);
    if (row.report === null && (await this.holdBack(row, source, recognition, outcome))) return;
    const sources = new Map(source.files.map(({ path, object }) => [path, object]));
    const read = {
      ...outcome,
      dataset_id,
      choices,
      recognised: recognition.format,
      pictures: choices.new_images
        ? pictures
            .filter(({ fate }) => fate === 'new')
            .map(({ n, path, file, content_type }) => ({
              path,
              content_type,
              from: sources.get(file) ?? { key: stagedPictureKey(dataset_id, row.id, n) },
            }))
        : [],
    };
    const { events, storage, keeper } = this.options;
    await session.transaction((tx, connection) =>
      commitImport(tx, connection, row, read, { datasets: storage.datasets, keeper, events }),
    );
    await this.sweep(row, dataset_id);
  }

  /** Of a damaged file a part may be readable. It is imported only by who has seen that it is a part. */
  private async holdBack(
    row: ImportRow,
    { sha256 }: ImportSource,
    { format }: Recognition,
    { issues, report }: PassOutcome,
  ): Promise<boolean> {
    const broken = issues.find(({ code, severity }) => severity === 'error' && DAMAGED.has(code));
    if (!broken) return false;
    const message = `"${broken.file}" is damaged: ${broken.message}. Nothing was imported; start the import to take what can be read.`;
    await this.options.db.transaction(async (tx) => {
      await tx.importFindings.replaceIssues(row.id, issues);
      const error = { code: broken.code, message };
      await tx.imports.advance(row.id, ['applying'], 'failed', { recognised: format, sha256, report, error });
    });
    await this.sweep(row);
    return true;
  }

  private async completed({ outcome }: ImportPass): Promise<PassOutcome> {
    if (!outcome) throw new Error('The files were not read to their end');
    const labeled_before = await this.options.db.importTarget.countLabeled([...outcome.labeled_ids]);
    return { ...outcome, report: { ...outcome.report, images: { ...outcome.report.images, labeled_before } } };
  }

  private stepper(row: ImportRow, source: ImportSource, signal: AbortSignal): () => Promise<void> {
    let last = performance.now();
    // Most formats are read twice: for what they describe, and for the labels.
    const total =
      2 *
      Math.max(
        1,
        source.files.reduce((sum, { size_bytes }) => sum + size_bytes, 0),
      );
    return async () => {
      signal.throwIfAborted();
      if (performance.now() - last < PROGRESS_MS) return;
      last = performance.now();
      const share = Math.min(1, source.readBytes() / total) * READING_SHARE;
      if (!(await this.options.db.imports.progress(row.id, this.status, share))) throw new NotWanted();
      await this.tell(row);
    };
  }

  /** Pictures that were put aside and are images now, or never will be. */
  private async sweep(row: ImportRow, known_dataset_id?: number): Promise<void> {
    if (this.status !== 'applying') return;
    const { db, storage, log } = this.options;
    try {
      const dataset_id = known_dataset_id ?? (await db.projects.get(row.project_id))?.dataset_id;
      if (dataset_id === undefined) return;
      await sweepPictures(storage.datasets, dataset_id, row.id);
    } catch (error) {
      log('warn', 'Pictures of an import could not be swept', { import_id: row.id, err: error as Error });
    }
  }

  private async tell({ id, project_id }: ImportRow): Promise<void> {
    await this.options.events.publish(this.options.db.sql, project_id, { type: 'import', import_id: id });
  }
}

/** Reserves class ids, some at a time: names turn up one by one, and there may be thousands. */
class ClassIds {
  private reserved: number[] = [];

  constructor(private readonly db: LabelerDb) {}

  async next(): Promise<number> {
    if (this.reserved.length === 0) this.reserved = await this.db.importTarget.reserveIds('classes', CLASS_IDS);
    return this.reserved.shift() as number;
  }
}

async function recognised(row: ImportRow, source: ImportSource): Promise<Recognition> {
  if (row.recognised !== null || row.format !== 'auto') {
    const format = (row.recognised ?? row.format) as FormatName;
    const told = row.report as Partial<Recognition> | null;
    return told?.reason === undefined
      ? { format, reason: 'Chosen by hand', recognised_by: { by: 'choice' } }
      : { format, reason: told.reason, recognised_by: told.recognised_by ?? { by: 'files' } };
  }
  const found = await recogniseImport(source.files);
  if (found) return found;
  throw new UnreadableFile(
    'wrong_format',
    `The files look like none of ${Object.values(FORMATS).map(({ title }) => title).join(', ')}`, // prettier-ignore
  );
}

async function* linesOf(batches: AsyncIterable<readonly StagedAnnotation[]>): AsyncGenerator<string> {
  let text = '';
  for await (const rows of batches) {
    for (const row of rows) text += stagedLine(row);
    if (text.length < SENT_AT_ONCE) continue;
    yield text;
    text = '';
  }
  if (text !== '') yield text;
}

/** What will be the same next time, in words for people; null for what may succeed when tried again. */
function finalFailure(error: unknown): { code: string; message: string } | null {
  if (error instanceof UnreadableFile) return { code: error.code, message: error.message };
  if (error instanceof ObjectNotFound) return { code: 'not_found', message: filesGone().message };
  if (error instanceof DomainError && ['not_found', 'validation_failed'].includes(error.code)) {
    return { code: error.code, message: error.message };
  }
  return null;
}
