import type { Split } from '@labelyard/domain';
import type { CopiedRows } from './copied-rows.js';
import type { ExportImage } from './export-snapshot.js';
import { PassedText } from './passed-text.js';
import type { PassingRow } from './passing-rows.js';

/** The image a cursor stands at, in the columns of `IMAGE_COLUMNS`; the same object for every row, its text read when it is asked for. */
export class PassingImage implements ExportImage, PassingRow {
  id = 0;
  width = 0;
  height = 0;
  size_bytes = 0;
  private readonly texts: Readonly<Record<'path' | 'sha256' | 'content_type' | 'split', PassedText>>;

  constructor(private readonly rows: CopiedRows) {
    const text = () => new PassedText(rows);
    this.texts = { path: text(), sha256: text(), content_type: text(), split: text() };
  }

  read(): void {
    const { rows, texts } = this;
    this.id = rows.int8();
    texts.path.pass();
    this.width = rows.int4();
    this.height = rows.int4();
    this.size_bytes = rows.int8();
    texts.sha256.pass();
    texts.content_type.pass();
    texts.split.pass();
  }

  get path(): string {
    return this.texts.path.text;
  }

  get sha256(): string {
    return this.texts.sha256.text;
  }

  get content_type(): string {
    return this.texts.content_type.text;
  }

  get split(): Split | null {
    const { split } = this.texts;
    return split.isNull ? null : (split.text as Split);
  }
}
