import type { ImportChoices, ImportResult } from '@labelyard/contract';
import { applyStaged, type Connection, type ImportRow, type LabelerTransaction } from '@labelyard/db';
import { imageKey, type StorageDriver } from '@labelyard/storage';
import type { ProjectEvents } from '../events/project-events.js';
import { THUMBNAILS } from '../images/image-tasks.js';
import { IMAGE_CACHE_CONTROL } from '../images/image-placing.js';
import type { PictureKeeper } from '../images/picture-keeper.js';
import { inParallel } from '../concurrency/in-parallel.js';
import { enqueue } from '../jobs/task.js';
import type { PassOutcome } from './import-pass.js';

/** Storage requests at once while pictures become images. */
const COPIES = 16;

/** Somebody cancelled it, or it is not ours to do any more. */
export class NotWanted extends Error {}

/** What was read and is to become part of the dataset. */
export interface ReadImport extends PassOutcome {
  readonly dataset_id: number;
  readonly choices: ImportChoices;
  readonly recognised: string;
  /** New images, and the objects their bytes are copied from. */
  readonly pictures: readonly {
    readonly path: string;
    readonly content_type: string | null;
    readonly from: { readonly key: string; readonly etag?: string };
  }[];
}

/**
 * Everything becomes visible here, or nothing: staged rows, images, classes, report, audit and news in one transaction.
 *
 * @param connection the session that holds the staged rows, in the same transaction
 * @throws NotWanted when it was cancelled meanwhile
 */
export async function commitImport(
  tx: LabelerTransaction,
  connection: Connection,
  { id: import_id, project_id, created_by }: ImportRow,
  work: ReadImport,
  { datasets, keeper, events }: { readonly datasets: StorageDriver; readonly keeper: PictureKeeper; readonly events: ProjectEvents }, // prettier-ignore
): Promise<void> {
  const { dataset_id, choices, pictures, new_classes } = work;
  const current = await tx.imports.lock(import_id);
  if (current?.status !== 'applying') throw new NotWanted();
  let images = 0;
  if (pictures.length > 0) {
    images = await tx.importTarget.insertImages(import_id, dataset_id, created_by);
    await keeper.keep(dataset_id, pictures.map(({ path }) => path)); // prettier-ignore
    await inParallel(pictures, COPIES, ({ path, content_type, from: { key, etag } }) =>
      datasets.copy(key, imageKey(dataset_id, path), {
        if_etag: etag,
        metadata: content_type === null ? undefined : { content_type, cache_control: IMAGE_CACHE_CONTROL },
      }),
    );
    await enqueue(tx.sql, THUMBNAILS, {});
  }
  await tx.importTarget.insertClasses(import_id, project_id, new_classes);
  const splits = await tx.importTarget.applySplits(import_id, dataset_id, work.splits);
  const { existing } = choices;
  const applied = await applyStaged(connection, { import_id, project_id, user_id: created_by, existing });
  const result: ImportResult = {
    annotations: applied.annotations,
    replaced: applied.replaced,
    images,
    splits,
    classes: new_classes.length,
    dropped: [...work.left_out, ...applied.dropped],
  };
  await tx.importFindings.replaceIssues(import_id, work.issues);
  await tx.imports.advance(import_id, ['applying'], 'completed', {
    recognised: work.recognised,
    report: work.report,
    result,
  });
  await tx.audit.record({
    project_id,
    actor_id: created_by,
    action: 'import.complete',
    subject_type: 'import',
    subject_id: import_id,
    details: { format: work.recognised, annotations: applied.annotations, images, replaced: applied.replaced },
  });
  if (new_classes.length > 0) await events.publish(tx.sql, project_id, { type: 'class' });
  await events.publish(tx.sql, project_id, { type: 'image', image_ids: null, by: created_by });
}
