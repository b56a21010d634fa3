import {
  canonicalGeometryJson,
  checkGeometry,
  geometryArea,
  geometryBounds,
  type Geometry,
  type ImageSize,
} from '@labelyard/domain';
import type { ExportAnnotation, ExportHead, ExportImage, ExportRun, ExportSource } from '../src/codec.js';

/** A project as a test writes it down. */
export interface TestProject {
  readonly head: ExportHead;
  readonly images: readonly ExportImage[];
  readonly annotations: readonly TestAnnotation[];
}

export interface TestAnnotation {
  readonly id: number;
  readonly image_id: number;
  readonly class_id: number | null;
  /** As a client would send it. */
  readonly geometry: unknown;
  readonly attributes?: Readonly<Record<string, unknown>>;
}

/** What the server keeps of it: checked against the image, canonical, measured. */
export function stored(annotation: TestAnnotation, image: ImageSize): ExportAnnotation {
  const check = checkGeometry(annotation.geometry, image);
  if (!check.ok) throw new Error(`annotation ${annotation.id}: ${JSON.stringify(check.issues)}`);
  const { id, image_id, class_id, attributes = {} } = annotation;
  return { id, image_id, class_id, attributes: JSON.stringify(attributes), ...measured(check.geometry) };
}

function measured(geometry: Geometry) {
  const bounds = geometryBounds(geometry);
  const [bbox_x, bbox_y, bbox_w, bbox_h] = bounds ?? [null, null, null, null];
  return {
    annotation_type: geometry.type,
    geometry: canonicalGeometryJson(geometry),
    ...{ bbox_x, bbox_y, bbox_w, bbox_h },
    area: geometryArea(geometry),
  };
}

export function rowsOf({ images, annotations }: TestProject): ExportAnnotation[] {
  const byId = new Map(images.map((image) => [image.id, image]));
  return annotations.map((row) => stored(row, byId.get(row.image_id) ?? (images[0] as ExportImage)));
}

async function* inBatches<T>(rows: readonly T[], size: number): AsyncGenerator<readonly T[]> {
  for (let at = 0; at < rows.length; at += size) yield rows.slice(at, at + size);
}

export function sourceOf(project: TestProject, batch = 3, rows = rowsOf(project)): ExportSource {
  return {
    head: project.head,
    images: () => inBatches(project.images, batch),
    annotations: (order) =>
      inBatches(order === 'image' ? rows.toSorted((a, b) => a.image_id - b.image_id || a.id - b.id) : rows, batch),
  };
}

/**
 * The same as a database lets it pass: one object for all rows, whose values are not its own and get lost when it is spread, and bytes of
 * geometry that are overwritten by the next one.
 */
export function passingSourceOf(project: TestProject, batch = 3): ExportSource {
  const source = sourceOf(project, batch);
  const row = {} as { -readonly [Key in keyof ExportAnnotation]: ExportAnnotation[Key] };
  const shown = Object.create(row) as ExportAnnotation;
  const memory = Buffer.alloc(1 << 16);
  function* pass(rows: readonly ExportAnnotation[]): Generator<ExportAnnotation> {
    for (const one of rows) {
      Object.assign(row, one);
      // Of boxes the columns say it.
      row.geometry_utf8 =
        one.annotation_type === 'bbox' ? undefined : memory.subarray(0, memory.fill(0).write(one.geometry));
      yield shown;
    }
  }
  return {
    ...source,
    annotations: () => {
      throw new Error('The rows can pass');
    },
    async *passing(order) {
      for await (const rows of source.annotations(order)) yield pass(rows);
    },
  };
}

/** All files of a run by path, decoded. */
export async function readFiles(run: ExportRun): Promise<Map<string, string>> {
  const decode = (bytes: Uint8Array) => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  return new Map([...(await readRawFiles(run))].map(([path, bytes]) => [path, decode(bytes)]));
}

/** All files of a run by path. */
export async function readRawFiles(run: ExportRun): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for await (const { path, chunks } of run.files) {
    const parts: Buffer[] = [];
    for await (const chunk of chunks) parts.push(Buffer.from(chunk as Uint8Array));
    if (files.has(path)) throw new Error(`${path} was written twice`);
    files.set(path, Buffer.concat(parts));
  }
  return files;
}

/** What a reader should bring back of a project, by image path and class name. */
export function drawn({ head, images, annotations }: TestProject) {
  const names = new Map(head.classes.map(({ id, name }) => [id, name]));
  return annotations.map(({ image_id, class_id, geometry, attributes = {} }) => ({
    image: images.find(({ id }) => id === image_id)!.path,
    class_name: names.get(class_id ?? 0) ?? null,
    geometry: geometry as Geometry,
    attributes,
  }));
}
