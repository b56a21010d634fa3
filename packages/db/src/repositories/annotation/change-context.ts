import {
  type AnnotationHead,
  type AnnotationState,
  type BatchContext,
  type BatchOperation,
  type ClassHead,
  DomainError,
  ImageContents,
  type TaskType,
} from '@labelyard/domain';
import type { Connection } from '../../connection/sql.js';
import type { ImageScope } from './annotation-repository.js';
import { lockImage } from './lock-image.js';

type Target = AnnotationHead & { readonly id: number; readonly version: number; readonly state: AnnotationState };

interface ContextRow {
  readonly width: number;
  readonly height: number;
  readonly task_types: TaskType[];
  readonly targets: Target[];
  readonly classes: (ClassHead & { readonly id: number })[];
  readonly applied: string[];
  /** Annotations whose kind or class limits others. */
  readonly limiting: AnnotationHead[];
  readonly counts: { readonly task_type: TaskType; readonly count: number }[];
}

/** See `AnnotationRepository.lockForChanges`. */
export async function changeContext(
  connection: Connection,
  scope: ImageScope,
  operations: readonly BatchOperation[],
): Promise<BatchContext> {
  const { project_id, image_id } = scope;
  const locked = lockImage(connection, scope);
  // A statement of its own: only what begins after the lock was granted sees what its last holder did. It leaves with the other.
  const read = connection.hot<ContextRow>(CONTEXT, [
    project_id,
    image_id,
    operations.flatMap((operation) => (operation.op === 'create' ? [] : [operation.annotation_id])),
    operations.flatMap((operation) => (operation.op !== 'delete' && operation.class_id ? [operation.class_id] : [])),
    operations.flatMap((operation) => operation.op_id ?? []),
  ]);
  // Its failure is of interest only when the lock was granted.
  read.catch(() => undefined);
  await locked;
  const [row] = await read;
  if (!row) throw new DomainError('not_found', 'The image does not exist in this project', { image_id });
  const others = new Map(row.counts.map(({ task_type, count }) => [task_type, count]));
  for (const { task_type } of row.limiting) others.set(task_type, (others.get(task_type) ?? 0) - 1);
  return {
    rules: {
      image: { width: row.width, height: row.height },
      task_types: row.task_types,
      classes: new Map(row.classes.map((one) => [one.id, one])),
    },
    contents: new ImageContents(row.limiting, others),
    targets: new Map(row.targets.map((target) => [target.id, target])),
    applied: new Set(row.applied),
  };
}

const HEAD = `'task_type', a.task_type, 'annotation_type', a.annotation_type, 'class_id', a.class_id`;

/**
 * $1 project, $2 image, $3 annotations named, $4 classes named, $5 op_ids. "No object" excludes objects, so it can only be there
 * where a task type has exactly one annotation; classifications are few. Everything else need only be counted.
 */
const CONTEXT = `
  with target as materialized (
    select * from annotations a where a.id = any($3::bigint[]) and a.image_id = $2 and a.project_id = $1
  )
  select i.width, i.height, p.task_types,
    (select coalesce(json_agg(json_build_object('id', a.id, 'version', a.version, 'state', a.state, ${HEAD})), '[]') from target a) as targets,
    (select coalesce(json_agg(json_build_object('id', c.id, 'task_type', c.task_type, 'keypoints', c.keypoints)), '[]')
      from classes c where c.project_id = $1 and (c.id = any($4::bigint[]) or c.id in (select class_id from target))) as classes,
    (select coalesce(json_agg(o.op_id), '[]') from annotation_history o where o.op_id = any($5::uuid[])) as applied,
    (select coalesce(json_agg(json_build_object(${HEAD})), '[]')
      from image_statuses s join annotations a on a.image_id = $2 and a.task_type = s.task_type
      where s.image_id = $2 and (s.annotation_count = 1 or s.task_type = 'classification')) as limiting,
    (select coalesce(json_agg(json_build_object('task_type', s.task_type, 'count', s.annotation_count)), '[]')
      from image_statuses s where s.image_id = $2) as counts
  from image_metadata i join annotation_projects p on p.dataset_id = i.dataset_id
  where i.id = $2 and p.id = $1`;
