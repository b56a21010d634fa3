import {
  checkGeometry,
  GEOMETRY_LIMITS,
  isBone,
  KEYPOINT_LIMITS,
  needsClass,
  normaliseClassName,
  soundKeypointNames,
  TASK_GEOMETRIES,
  type AttributeValue,
  type GeometryIssueCode,
  type GeometryType,
  type ImageSize,
  type TaskType,
} from '@labelyard/domain';
import type { Split } from '../codec.js';
import type {
  ImportedAnnotation,
  ImportedClass,
  ImportedImage,
  ImportedOrigin,
  ImportFile,
  ImportOptions,
  ImportPlace,
  ImportRecord,
  ImportRun,
  KnownImage,
} from './import-codec.js';
import { clippedGeometry } from './clipped-geometry.js';
import { ImportIssues, type ImportIssueCode } from './import-issues.js';
import { isObject } from './record-fields.js';
import { UnreadableFile } from './unreadable-file.js';

/** An annotation as a reader found it; nothing of it is trusted. */
export interface AnnotationDraft {
  readonly geometry: unknown;
  readonly class_name?: string | null;
  /** Taken from the kind of geometry when left out. */
  readonly task_type?: TaskType;
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly confidence?: unknown;
  readonly origin?: ImportedOrigin;
}

const GEOMETRY_CODES: Partial<Record<GeometryIssueCode, ImportIssueCode>> = {
  degenerate: 'degenerate',
  outside_image: 'outside_image',
  too_large: 'too_large',
  bad_mask: 'bad_mask',
};

/** Of what concerns no single line. */
const NO_PLACE: ImportPlace = { file: '' };

/** Kinds that can be cut at the image's edge and stay what they are. */
const CLIPPABLE: readonly unknown[] = ['bbox', 'polygon', 'polyline'] satisfies GeometryType[];

export function taskOf(type: GeometryType): TaskType {
  const [task] = Object.entries(TASK_GEOMETRIES).find(([, types]) => types.includes(type)) as [TaskType, unknown];
  return task;
}

/** Where every reader brings what it found: images and annotations are checked here in one way, and issues collected. */
export class ImportDesk {
  readonly issues = new ImportIssues();
  private readonly seen = new Set<string>();

  constructor(readonly options: ImportOptions) {}

  /**
   * The image that `named` stands for, null when it cannot be used; the issue says why.
   *
   * @param stated size in the file, null when it has none
   */
  async image(
    named: unknown,
    stated: { readonly width: unknown; readonly height: unknown } | null,
    at: ImportPlace,
    split: Split | null = null,
  ): Promise<ImportedImage | null> {
    const path = this.safePath(named, at);
    if (path === null) return null;
    let size: ImageSize | null = null;
    if (stated && (stated.width !== undefined || stated.height !== undefined)) {
      if (isPixelCount(stated.width) && isPixelCount(stated.height)) {
        size = { width: stated.width, height: stated.height };
      } else {
        this.issues.warn('bad_size', at, 'Width and height of an image are whole numbers above 0');
      }
    }
    const known = await this.found(path, size, at);
    if (!known) return null;
    if (this.seen.has(known.path)) {
      this.issues.error('duplicate_image', at, `The image "${known.path}" is described twice`);
      return null;
    }
    this.seen.add(known.path);
    return { kind: 'image', path: known.path, width: known.width, height: known.height, split };
  }

  /** Relative, with forward slashes, never out of the folder. */
  safePath(named: unknown, at: ImportPlace): string | null {
    if (typeof named !== 'string' || named.trim() === '') {
      this.issues.error('missing_key', at, 'The name of the image is missing');
      return null;
    }
    const path = named.replaceAll('\\', '/').replace(/^(?:\.\/+)+/u, '');
    const bad =
      /^(?:\/|[a-z]:|[a-z][a-z0-9+.-]*:\/\/)/iu.test(path) ||
      path.split('/').some((part) => part === '..' || part === '') ||
      path.includes('\0') ||
      !path.isWellFormed();
    if (!bad) return path;
    this.issues.error('unsafe_path', at, `"${named.slice(0, 200)}" is no path inside the dataset`);
    return null;
  }

  /** Checked and ready to store, or null with the reason among the issues. */
  annotation(image: KnownImage, draft: AnnotationDraft, at: ImportPlace): ImportedAnnotation | null {
    const check = this.checked(draft.geometry, image, at);
    if (!check) return null;
    const { geometry } = check;
    const task_type = draft.task_type ?? taskOf(geometry.type);
    if (!TASK_GEOMETRIES[task_type].includes(geometry.type)) {
      this.issues.error('bad_geometry', at, `${task_type} takes no ${geometry.type}`);
      return null;
    }
    let class_name: string | null = null;
    if (needsClass(geometry.type)) {
      class_name = this.className(draft.class_name, at);
      if (class_name === null) return null;
    }
    const { origin } = draft;
    return {
      kind: 'annotation',
      image: image.path,
      task_type,
      class_name,
      geometry,
      attributes: this.attributes(draft.attributes, at),
      confidence: this.confidence(draft.confidence, at),
      ...(origin && { origin }),
      at,
    };
  }

  /** Normalised; null with an issue when there is none. */
  className(name: unknown, at: ImportPlace): string | null {
    const normal = typeof name === 'string' && name.isWellFormed() ? normaliseClassName(name) : '';
    if (normal !== '' && normal.length <= 200 && !normal.includes('\0')) return normal;
    this.issues.error('bad_class', at, 'A class has a name of 1 to 200 characters');
    return null;
  }

  /** A class as it can be stored: its keypoints have names of their own, and its bones join two of them. */
  soundClass(given: ImportedClass): ImportedClass {
    const { keypoints, skeleton = [] } = given;
    if (!keypoints) return given;
    const names = soundKeypointNames(keypoints);
    const bones = skeleton.filter((bone) => isBone(bone, names.length)).slice(0, KEYPOINT_LIMITS.bones);
    const changed =
      names.length < keypoints.length || names.some((name, n) => name !== keypoints[n]?.normalize('NFC').trim());
    if (changed)
      this.issues.warn(
        'bad_value',
        NO_PLACE,
        `The class "${given.name}" can have ${KEYPOINT_LIMITS.names} keypoints, each with a name of its own of up to ${KEYPOINT_LIMITS.name_length} characters: others were cut or renamed`,
      );
    if (bones.length < skeleton.length)
      this.issues.warn('bad_value', NO_PLACE, `Bones of the class "${given.name}" that join no two of its keypoints were left out`); // prettier-ignore
    return changed || bones.length < skeleton.length ? { ...given, keypoints: names, skeleton: bones } : given;
  }

  private async found(path: string, size: ImageSize | null, at: ImportPlace): Promise<KnownImage | null> {
    const { findImage } = this.options;
    if (!findImage) {
      if (size) return { path, ...size };
      this.issues.error('size_missing', at, `The size of "${path}" is not known`);
      return null;
    }
    const known = await findImage(path);
    if (!known) {
      this.issues.error('image_missing', at, `The dataset has no image "${path}"`);
      return null;
    }
    if (size && (size.width !== known.width || size.height !== known.height)) {
      const turned = size.width === known.height && size.height === known.width;
      const why = turned ? ': was it labeled before its EXIF orientation was applied?' : '';
      const sizes = `The file says ${size.width} × ${size.height} pixels, the image has ${known.width} × ${known.height}`;
      this.issues.warn('size_mismatch', at, `${sizes}${why}`);
    }
    return known;
  }

  private checked(geometry: unknown, image: ImageSize, at: ImportPlace) {
    let check = checkGeometry(geometry, image);
    const first = check.ok ? null : check.issues[0];
    if (first?.code === 'outside_image' && CLIPPABLE.includes((geometry as { type?: unknown }).type)) {
      const within = clippedGeometry(geometry, image);
      check = checkGeometry(within, image, { ...GEOMETRY_LIMITS, outside_px: Number.MAX_VALUE });
      if (check.ok) this.issues.warn('clipped', at, 'The shape reaches past the image: what is outside was cut off');
    }
    if (check.ok) return check;
    const issue = check.issues[0];
    const where = issue?.path ? `${issue.path}: ` : '';
    this.issues.error(
      GEOMETRY_CODES[issue?.code ?? 'bad_value'] ?? 'bad_geometry',
      at,
      `${where}${issue?.message ?? ''}`,
    );
    return null;
  }

  /** Flat, as we store them; what is not flat is kept as JSON text. */
  private attributes(given: unknown, at: ImportPlace): Record<string, AttributeValue> {
    if (given === undefined || given === null) return {};
    if (typeof given !== 'object' || Array.isArray(given)) {
      this.issues.warn('bad_value', at, 'Attributes are an object');
      return {};
    }
    return Object.fromEntries(
      Object.entries(given as Record<string, unknown>).map(([key, value]) => [key, attributeValue(value)]),
    );
  }

  private confidence(given: unknown, at: ImportPlace): number | null {
    if (given === undefined || given === null) return null;
    if (typeof given === 'number' && given >= 0 && given <= 1) return given;
    this.issues.warn('bad_value', at, 'A confidence is a number from 0 to 1');
    return null;
  }
}

function attributeValue(value: unknown): AttributeValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return value;
  if (Array.isArray(value) && value.every((entry) => typeof entry === 'string')) return value;
  return JSON.stringify(value) ?? null;
}

/** The parts of a draft that is a polygon, null for other kinds. */
export function polygonsOf({ geometry }: AnnotationDraft): readonly unknown[] | null {
  return isObject(geometry) && geometry['type'] === 'polygon' ? (geometry['polygons'] as unknown[]) : null;
}

export function isPixelCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0 && (value as number) <= 1_000_000;
}

/** What a reader yields: a record, or several that are made while they are walked. */
export type FoundRecords = ImportRecord | Iterable<ImportRecord>;

/** Wraps a reader: counts what it yields; what ends it becomes an issue. */
export function importRun(
  format: string,
  options: ImportOptions,
  read: (desk: ImportDesk) => AsyncGenerator<FoundRecords>,
): ImportRun {
  const desk = new ImportDesk(options);
  const counts = { classes: 0, images: 0, annotations: 0 };
  const counter = { class: 'classes', image: 'images', annotation: 'annotations' } as const;
  function* counted(found: Iterable<ImportRecord>): Generator<ImportRecord> {
    for (const record of found) {
      counts[counter[record.kind]]++;
      yield record.kind === 'class' ? desk.soundClass(record) : record;
    }
  }
  async function* batches(): AsyncGenerator<Iterable<ImportRecord>> {
    for await (const found of read(desk)) yield counted('kind' in found ? [found] : found);
  }
  async function* records(): AsyncGenerator<ImportRecord> {
    for await (const batch of batches()) yield* batch;
  }
  return {
    records: records(),
    batches: batches(),
    report: () => ({
      format,
      counts: { ...counts },
      issues: [...desk.issues.list],
      issue_counts: desk.issues.counts(),
    }),
  };
}

/** Reads one file; where it breaks off, an issue says so and the reader goes on with the next. */
export async function* readingFile<T>(
  desk: ImportDesk,
  file: ImportFile,
  read: () => AsyncGenerator<T>,
): AsyncGenerator<T> {
  try {
    yield* read();
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    desk.issues.error(
      error.code,
      { file: file.path, ...(error.line !== undefined && { line: error.line }) },
      error.message,
    );
  }
}

/** One small file, turned into a value; null when it cannot be read, with the issue. */
export async function fromFile<T>(desk: ImportDesk, file: ImportFile, read: () => Promise<T> | T): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    desk.issues.error(
      error.code,
      { file: file.path, ...(error.line !== undefined && { line: error.line }) },
      error.message,
    );
    return null;
  }
}
