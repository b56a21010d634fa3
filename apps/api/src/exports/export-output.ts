import type { ExportChoices, ExportReport } from '@labelyard/contract';
import { DomainError } from '@labelyard/domain';
import type { ExportRun } from '@labelyard/formats';
import type { StorageDriver } from '@labelyard/storage';
import type { ExportContent } from './export-content.js';
import { PictureTally, pictureEntries } from './export-pictures.js';
import type { ExportPlan } from './export-plan.js';
import { exportSource, type ContentSource } from './export-source.js';
import { RuleCheck } from './rule-check.js';
import { zipArchive, type ArchiveEntry } from './zip-archive.js';

/** An export as bytes. The same content, plan and choices give the same ones. */
export interface ExportOutput {
  /** Walked once. */
  readonly chunks: AsyncIterable<string | Uint8Array>;
  /** When all chunks were read. */
  report(): Promise<ExportReport>;
}

interface OutputOptions {
  readonly content: ExportContent;
  readonly plan: ExportPlan;
  readonly choices: ExportChoices;
  /** Where the pictures are. */
  readonly pictures: StorageDriver;
  readonly signal: AbortSignal;
  /** Told of rows read and pictures written. */
  readonly onRows?: (count: number) => void | Promise<void>;
}

/** Turns content into the one file that is stored: a single file of the format, or an archive of all of its files. */
export async function exportOutput(options: OutputOptions): Promise<ExportOutput> {
  const { content, plan, choices, onRows = () => undefined } = options;
  const source = await exportSource(content, choices, plan.task_types, onRows);
  const run = plan.format.write(source, plan.options);
  const check = new RuleCheck(plan.format);
  const tally = choices.include_images ? new PictureTally() : null;
  return {
    chunks: plan.archive ? zipArchive(entries(options, source, run, check, tally)) : singleFile(plan, run, check),
    async report() {
      return {
        ...(run.report() as ExportReport),
        ...(tally && { pictures: tally }),
        check: await check.answer(),
      };
    },
  };
}

async function* singleFile(
  { format }: ExportPlan,
  run: ExportRun,
  check: RuleCheck,
): AsyncGenerator<string | Uint8Array> {
  let files = 0;
  for await (const file of run.files) {
    if (files++ > 0)
      throw new DomainError('internal', `The format ${format.name} has several files and needs an archive`);
    yield* check.watch(file);
  }
  if (files === 0) throw new DomainError('internal', `The format ${format.name} wrote no file`);
}

async function* entries(
  { content, pictures: storage, signal, onRows }: OutputOptions,
  source: ContentSource,
  run: ExportRun,
  check: RuleCheck,
  tally: PictureTally | null,
): AsyncGenerator<ArchiveEntry> {
  for await (const file of run.files) yield { path: file.path, content: check.watch(file) };
  if (!tally) return;
  const { dataset_id } = content.project;
  const found = pictureEntries({
    pictures: run.pictures(),
    images: source.images(),
    dataset_id,
    storage,
    tally,
    signal,
  });
  for await (const entry of found) {
    check.picture(entry.path);
    await onRows?.(1);
    yield entry;
  }
}
