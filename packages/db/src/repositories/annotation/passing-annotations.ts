import { canonicalGeometryJson, type GeometryType, type TaskType } from '@labelyard/domain';
import type { CopiedRows } from './copied-rows.js';
import { anyOf } from './export-query.js';
import { ATTRIBUTES } from './export-rows.js';
import type { ExportAnnotation, ExportFilter } from './export-snapshot.js';
import { PassedText } from './passed-text.js';
import { PassingRows, type PassingRow } from './passing-rows.js';

/** Four numbers as one value: a function that makes bytes of a value costs more than its bytes. Null when one of them is. */
const BOX = 'lseg(point(a.bbox_x, a.bbox_y), point(a.bbox_w, a.bbox_h))';
/** A box says in its columns what its geometry says: four million numbers less are sent for a million boxes. */
const UNSAID = `a.annotation_type <> 'bbox' or a.bbox_x is null or a.bbox_y is null or a.bbox_w is null or a.bbox_h is null`;

/** What the other columns or the kind say, or nobody asks for, is null, of which nothing is sent. */
function columnsOf({ geometry_of }: ExportFilter, area_wanted: boolean): string {
  return `a.id, a.image_id, a.class_id, nullif(a.annotation_type, 'bbox'), ${BOX}, ${area_wanted ? 'a.area' : 'null'}, ${ATTRIBUTES},
    case when (${UNSAID})${anyOf('a.annotation_type', geometry_of)} then a.geometry end`;
}

/**
 * The annotation a cursor stands at, the same object for every row: a million of them would have to be made, moved and collected while
 * they are written. Text is read when it is asked for, and numbers with a fraction lie where they need no memory of their own.
 */
class PassingAnnotation implements ExportAnnotation, PassingRow {
  id = 0;
  image_id = 0;
  class_id: number | null = null;
  annotation_type: GeometryType = 'bbox';
  private boxed = false;
  private measured = false;
  /** x, y, w, h, area. */
  private readonly numbers = new Float64Array(5);
  private readonly attributesText: PassedText;
  private readonly geometryText: PassedText;

  constructor(
    protected readonly rows: CopiedRows,
    private readonly area_wanted: boolean,
  ) {
    this.attributesText = new PassedText(rows);
    this.geometryText = new PassedText(rows);
  }

  /** Reads the columns of the row that the cursor moved to. */
  read(): void {
    const { rows, numbers } = this;
    this.id = rows.int8();
    this.image_id = rows.int8();
    this.class_id = rows.int8OrNull();
    this.annotation_type = (rows.wordOrNull(this.annotation_type) ?? 'bbox') as GeometryType;
    this.boxed = rows.float8s(numbers, 0, 4);
    this.measured = rows.float8s(numbers, 4, 1);
    this.attributesText.pass();
    this.geometryText.pass();
  }

  get bbox_x(): number | null {
    return this.boxed ? this.numbers[0]! : null;
  }

  get bbox_y(): number | null {
    return this.boxed ? this.numbers[1]! : null;
  }

  get bbox_w(): number | null {
    return this.boxed ? this.numbers[2]! : null;
  }

  get bbox_h(): number | null {
    return this.boxed ? this.numbers[3]! : null;
  }

  get area(): number | null {
    if (!this.area_wanted) throw new Error('Areas were not asked for');
    return this.measured ? this.numbers[4]! : null;
  }

  get attributes(): string {
    return this.attributesText.isNull ? '{}' : this.attributesText.text;
  }

  get geometry(): string {
    if (!this.geometryText.isNull) return this.geometryText.text;
    const { annotation_type, bbox_x: x, bbox_y: y, bbox_w: w, bbox_h: h } = this;
    if (annotation_type !== 'bbox' || x === null || y === null || w === null || h === null)
      throw new Error(`The geometry of ${annotation_type} was not asked for`);
    return canonicalGeometryJson({ type: 'bbox', bbox: [x, y, w, h] });
  }

  /** `geometry` as it came from the server; none of boxes, whose columns say it. */
  get geometry_utf8(): Uint8Array | undefined {
    return this.geometryText.isNull ? undefined : this.geometryText.bytes;
  }
}

/** With the task of a "no object"; of all others the kind says it. */
const TASK_TYPE = `case when a.annotation_type = 'no_object' then a.task_type end`;

class PassingLabel extends PassingAnnotation {
  task_type: TaskType | undefined = undefined;

  override read(): void {
    super.read();
    this.task_type = (this.rows.wordOrNull(this.task_type) ?? undefined) as TaskType | undefined;
  }
}

interface Passing {
  readonly columns: string;
  readonly open: (rows: CopiedRows) => PassingRows<ExportAnnotation>;
}

/** How annotations pass, in the details that formats ask for which keep none of them. */
export function passingOf(filter: ExportFilter): Passing | undefined {
  const area_wanted = filter.area_wanted !== false;
  switch (filter.detail) {
    case undefined:
    case 'shape':
      return {
        columns: columnsOf(filter, area_wanted),
        open: (rows) => new PassingRows<ExportAnnotation>(rows, new PassingAnnotation(rows, area_wanted)),
      };
    case 'label':
      return {
        columns: `${columnsOf(filter, area_wanted)}, ${TASK_TYPE}`,
        open: (rows) => new PassingRows<ExportAnnotation>(rows, new PassingLabel(rows, area_wanted)),
      };
    case 'task':
    case 'origin':
      return undefined;
  }
}
