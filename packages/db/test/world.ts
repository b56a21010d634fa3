import { randomUUID } from 'node:crypto';
import { canonicalGeometryJson, geometryArea, geometryBounds, type Geometry, type TaskType } from '@labelyard/domain';
import type {
  CreateAnnotation,
  DeletionScope,
  LabelerDb,
  NewImage,
  SeenDataset,
  StoredGeometry,
} from '../src/index.js';

export const OWNER = 'user-1';
export const OTHER = 'user-2';

/** How many transactions of this database met in a deadlock. */
export const DEADLOCKS = `select deadlocks from pg_stat_database where datname = current_database()`;

/** A dataset of OWNER's; detection and segmentation unless said otherwise. */
export function newDataset(db: LabelerDb, values: Partial<Parameters<LabelerDb['datasets']['create']>[0]> = {}) {
  return db.datasets.create({
    name: 'Street signs',
    description: '',
    visibility: 'private',
    owner_id: OWNER,
    organization_id: null,
    task_types: ['detection', 'segmentation'],
    ...values,
  });
}

export function newImage(path: string, values: Partial<NewImage> = {}): NewImage {
  return {
    path,
    width: 640,
    height: 480,
    size_bytes: 1_000,
    sha256: 'a'.repeat(64),
    content_type: 'image/jpeg',
    ...values,
  };
}

export interface World {
  readonly dataset: SeenDataset;
  readonly head: { project_id: number; dataset_id: number; task_types: TaskType[] };
  /** Ids of the images, in the order asked for. */
  readonly images: number[];
  /** One class per task type. */
  readonly classes: Record<string, number>;
  scope(index?: number): { project_id: number; image_id: number; user_id: string };
}

/** A dataset with `count` images and a class per task type. */
export async function newWorld(db: LabelerDb, count = 1, task_types?: TaskType[]): Promise<World> {
  const dataset = await newDataset(db, task_types && { task_types });
  const inserted = await db.images.insertMany(
    dataset.id,
    OWNER,
    'skip',
    Array.from({ length: count }, (_, n) => newImage(`img-${String(n).padStart(6, '0')}.jpg`)),
  );
  const classes: Record<string, number> = {};
  for (const task_type of dataset.task_types) {
    classes[task_type] = (await db.classes.create(dataset.project_id, { task_type, name: 'car' })).id;
  }
  const images = inserted.map(({ image }) => image.id);
  return {
    dataset,
    head: { project_id: dataset.project_id, dataset_id: dataset.id, task_types: dataset.task_types },
    images,
    classes,
    scope: (index = 0) => ({ project_id: dataset.project_id, image_id: images[index] as number, user_id: OWNER }),
  };
}

/** What OWNER deletes in one go, whoever works on it. */
export function deletion({ head }: Pick<World, 'head'>, values: Partial<DeletionScope> = {}): DeletionScope {
  const { project_id, dataset_id } = head;
  return { project_id, dataset_id, user_id: OWNER, deletion_id: randomUUID(), held: 'delete', ...values };
}

/** A geometry as a service hands it over. */
export function stored(geometry: Geometry): StoredGeometry {
  return {
    annotation_type: geometry.type,
    geometry: canonicalGeometryJson(geometry),
    bbox: geometryBounds(geometry),
    area: geometryArea(geometry),
  };
}

export function box(x = 10, y = 20, w = 30, h = 40): StoredGeometry {
  return stored({ type: 'bbox', bbox: [x, y, w, h] });
}

/** Creates a box of the world's detection class. */
export function create(world: World, values: Partial<CreateAnnotation> = {}): CreateAnnotation {
  return {
    op: 'create',
    op_id: randomUUID(),
    task_type: 'detection',
    class_id: world.classes.detection ?? null,
    ...box(),
    ...values,
  };
}
