import type { Split } from '@labelyard/domain';
import type { CopiedRows } from './copied-rows.js';
import type { ExportImage } from './export-snapshot.js';
import type { PassingRow } from './passing-rows.js';

/** The image a cursor stands at, in the columns of `IMAGE_COLUMNS`; the same object for every row, its text read when it is asked for. */
export class PassingImage implements ExportImage, PassingRow {
  id = 0;
  width = 0;
  height = 0;
  size_bytes = 0;
  /** Where a text begins and ends; from -1 on when it is null. */
  private readonly texts = new Int32Array(8);

  constructor(private readonly rows: CopiedRows) {}

  read(): void {
    const { rows } = this;
    this.id = rows.int8();
    this.pass(PATH);
    this.width = rows.int4();
    this.height = rows.int4();
    this.size_bytes = rows.int8();
    this.pass(SHA256);
    this.pass(CONTENT_TYPE);
    this.pass(SPLIT);
  }

  get path(): string {
    return this.text(PATH) ?? '';
  }

  get sha256(): string {
    return this.text(SHA256) ?? '';
  }

  get content_type(): string {
    return this.text(CONTENT_TYPE) ?? '';
  }

  get split(): Split | null {
    return this.text(SPLIT) as Split | null;
  }

  private pass(place: number): void {
    this.texts[place] = this.rows.passText();
    this.texts[place + 1] = this.rows.at;
  }

  private text(place: number): string | null {
    const from = this.texts[place] as number;
    return from < 0 ? null : this.rows.passedText(from, this.texts[place + 1] as number);
  }
}

const [PATH, SHA256, CONTENT_TYPE, SPLIT] = [0, 2, 4, 6] as const;
