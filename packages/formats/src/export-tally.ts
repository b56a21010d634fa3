import { DomainError } from '@labelyard/domain';
import type { ExportClass, ExportFinding, ExportNote, ExportReport } from './codec.js';

const MAX_EXAMPLES = 5;

/** Findings of one kind: code → how many and the first few ids. */
class Findings<Code extends string> {
  private readonly found = new Map<Code, { count: number; examples: number[] }>();

  constructor(private readonly reasons: Readonly<Record<Code, string>>) {}

  add(code: Code, annotation_id: number): void {
    let entry = this.found.get(code);
    if (!entry) this.found.set(code, (entry = { count: 0, examples: [] }));
    entry.count++;
    if (entry.examples.length < MAX_EXAMPLES) entry.examples.push(annotation_id);
  }

  /** In the order of the reasons, so that equal exports give equal reports. */
  list(): ExportFinding[] {
    return (Object.keys(this.reasons) as Code[]).flatMap((code) => {
      const entry = this.found.get(code);
      return entry ? [{ code, reason: this.reasons[code], ...entry }] : [];
    });
  }
}

/** Remarks about images have codes that begin with `image_`. */
function remark({ code, count, reason, examples }: ExportFinding): ExportNote {
  const what = code.startsWith('image_') ? 'image' : 'annotation';
  const text = `${count} × ${reason} (${what} ${examples.join(', ')}${count > examples.length ? ', …' : ''})`;
  return { code, text, about: { what, count, examples } };
}

/** Counts what a writer does, at constant memory, and turns it into the report. */
export class ExportTally<Dropped extends string, Converted extends string, Noted extends string> {
  private images = 0;
  private annotations = 0;
  private finished = false;
  private readonly byClass: Map<number, { class_id: number; name: string; annotations: number }>;
  private readonly droppedOnes: Findings<Dropped>;
  private readonly convertedOnes: Findings<Converted>;
  private readonly notedOnes: Findings<Noted>;
  private readonly notes: ExportNote[] = [];

  /** @param classes those the format holds, in order; `reasons` names every code a writer may use */
  constructor(
    private readonly format: string,
    classes: readonly ExportClass[],
    reasons: {
      readonly dropped: Readonly<Record<Dropped, string>>;
      readonly converted: Readonly<Record<Converted, string>>;
      readonly noted: Readonly<Record<Noted, string>>;
    },
  ) {
    this.byClass = new Map(classes.map(({ id, name }) => [id, { class_id: id, name, annotations: 0 }]));
    this.droppedOnes = new Findings(reasons.dropped);
    this.convertedOnes = new Findings(reasons.converted);
    this.notedOnes = new Findings(reasons.noted);
  }

  hasClass(class_id: number | null): class_id is number {
    return class_id !== null && this.byClass.has(class_id);
  }

  imagesWritten(count: number): void {
    this.images += count;
  }

  written(class_id: number | null): void {
    this.annotations++;
    const entry = class_id === null ? undefined : this.byClass.get(class_id);
    if (entry) entry.annotations++;
  }

  dropped(code: Dropped, annotation_id: number): void {
    this.droppedOnes.add(code, annotation_id);
  }

  converted(code: Converted, annotation_id: number): void {
    this.convertedOnes.add(code, annotation_id);
  }

  /** A remark about annotations that are written as they are, or about images. */
  noted(code: Noted, id: number): void {
    this.notedOnes.add(code, id);
  }

  /** A remark about the export as a whole. `values`: what stands in the text besides words. */
  note(text: string, code: string, values?: Readonly<Record<string, string>>): void {
    this.notes.push({ code, text, ...(values && { values }) });
  }

  finish(): void {
    this.finished = true;
  }

  report(): ExportReport {
    if (!this.finished) {
      throw new DomainError('internal', 'The export report was asked for before every file was read to its end.');
    }
    const noted = [...this.notes, ...this.notedOnes.list().map(remark)];
    return {
      format: this.format,
      counts: { images: this.images, annotations: this.annotations, by_class: [...this.byClass.values()] },
      dropped: this.droppedOnes.list(),
      converted: this.convertedOnes.list(),
      notes: noted.map(({ text }) => text),
      noted,
    };
  }
}
