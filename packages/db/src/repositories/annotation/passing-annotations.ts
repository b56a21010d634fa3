import { canonicalGeometryJson, type GeometryType, type TaskType } from '@labelyard/domain';
import type { CopiedRows } from './copied-rows.js';
import { anyOf } from './export-query.js';
import { COLUMNS_BEFORE_GEOMETRY } from './export-rows.js';
import type { ExportAnnotation, ExportFilter } from './export-snapshot.js';

/** A box says in its columns what its geometry says: four million numbers less are sent for a million boxes. */
const UNSAID = `a.annotation_type <> 'bbox' or num_nulls(a.bbox_x, a.bbox_y, a.bbox_w, a.bbox_h) > 0`;

function columnsOf({ geometry_of }: ExportFilter): string {
  return `${COLUMNS_BEFORE_GEOMETRY}, case when (${UNSAID})${anyOf('a.annotation_type', geometry_of)} then a.geometry end`;
}

/**
 * The annotation a cursor stands at, the same object for every row: a million of them would have to be made, moved and collected while
 * they are written. Text is read when it is asked for.
 */
class PassingAnnotation implements ExportAnnotation {
  id = 0;
  image_id = 0;
  class_id: number | null = null;
  annotation_type: GeometryType = 'bbox';
  bbox_x: number | null = 0.5;
  bbox_y: number | null = 0.5;
  bbox_w: number | null = 0.5;
  bbox_h: number | null = 0.5;
  area: number | null = 0.5;
  private attributesFrom = -1;
  private attributesTo = 0;
  private geometryFrom = -1;
  private geometryTo = 0;

  constructor(protected readonly rows: CopiedRows) {}

  /** Reads the columns of the row that the cursor moved to. */
  read(): void {
    const { rows } = this;
    this.id = rows.int8();
    this.image_id = rows.int8();
    this.class_id = rows.int8OrNull();
    this.annotation_type = rows.word(this.annotation_type) as GeometryType;
    this.bbox_x = rows.float8OrNull();
    this.bbox_y = rows.float8OrNull();
    this.bbox_w = rows.float8OrNull();
    this.bbox_h = rows.float8OrNull();
    this.area = rows.float8OrNull();
    this.attributesFrom = rows.passText();
    this.attributesTo = rows.at;
    this.geometryFrom = rows.passText();
    this.geometryTo = rows.at;
  }

  get attributes(): string {
    return this.attributesFrom < 0 ? '{}' : this.rows.passedText(this.attributesFrom, this.attributesTo);
  }

  get geometry(): string {
    if (this.geometryFrom >= 0) return this.rows.passedText(this.geometryFrom, this.geometryTo);
    const { annotation_type, bbox_x: x, bbox_y: y, bbox_w: w, bbox_h: h } = this;
    if (annotation_type !== 'bbox' || x === null || y === null || w === null || h === null)
      throw new Error(`The geometry of ${annotation_type} was not asked for`);
    return canonicalGeometryJson({ type: 'bbox', bbox: [x, y, w, h] });
  }

  /** `geometry` as it came from the server; none of boxes, whose columns say it. */
  get geometry_utf8(): Uint8Array | undefined {
    return this.geometryFrom < 0 ? undefined : this.rows.passedBytes(this.geometryFrom, this.geometryTo);
  }
}

class PassingLabel extends PassingAnnotation {
  task_type: TaskType = 'detection';

  override read(): void {
    super.read();
    this.task_type = this.rows.word(this.task_type) as TaskType;
  }
}

/** Annotations at hand, each good until the next one is asked for. */
export class PassingAnnotations implements Iterable<ExportAnnotation> {
  /** How many were asked for so far. */
  passed = 0;
  private readonly step: IteratorYieldResult<ExportAnnotation>;

  constructor(
    private readonly rows: CopiedRows,
    private readonly row: PassingAnnotation,
  ) {
    this.step = { done: false, value: row };
  }

  [Symbol.iterator](): Iterator<ExportAnnotation> {
    return this;
  }

  next(): IteratorResult<ExportAnnotation> {
    if (!this.rows.next()) return { done: true, value: undefined };
    this.row.read();
    this.passed++;
    return this.step;
  }
}

interface Passing {
  readonly columns: string;
  readonly open: (rows: CopiedRows) => PassingAnnotations;
}

/** How annotations pass, in the details that formats ask for which keep none of them. */
export function passingOf(filter: ExportFilter): Passing | undefined {
  switch (filter.detail) {
    case undefined:
    case 'shape':
      return {
        columns: columnsOf(filter),
        open: (rows) => new PassingAnnotations(rows, new PassingAnnotation(rows)),
      };
    case 'label':
      return {
        columns: `${columnsOf(filter)}, a.task_type`,
        open: (rows) => new PassingAnnotations(rows, new PassingLabel(rows)),
      };
    case 'task':
    case 'origin':
      return undefined;
  }
}
