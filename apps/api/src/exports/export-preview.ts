import type { ExportCreateBody, ExportPreview } from '@labelyard/contract';
import type { ExportForecast, LabelerDb, VersionRow } from '@labelyard/db';
import { DEFAULT_SHARES, DomainError, SPLITS, type Split, type SplitShares } from '@labelyard/domain';
import type { ProjectAuth } from '../auth/auth-context.js';
import { declaredLoss } from './declared-loss.js';
import { choicesOf, planExport } from './export-plan.js';

/** What an export would hold, counted, and what the format would make of it; nothing is written. */
export async function previewExport(
  db: LabelerDb,
  { project }: ProjectAuth,
  body: ExportCreateBody,
  now: Date,
  version: VersionRow | null,
): Promise<ExportPreview> {
  const { project_id, format } = body;
  const task_types = version?.task_types ?? project.task_types;
  const choices = choicesOf(body, task_types, version);
  const plan = planExport({ project_id, format, created_at: now.toISOString() }, choices, task_types);
  const [forecast, classes, loss] = await Promise.all([
    db.exports.forecast(plan.filter),
    version ? db.versions.classes(version.id) : db.classes.list(project_id),
    declaredLoss(plan, choices),
  ]);
  if (!forecast) throw new DomainError('not_found', 'The project does not exist any more', { project_id });
  const { splits, split_shares = DEFAULT_SHARES, include_images } = choices;
  const sum = (rows: readonly { count: number }[]) => rows.reduce((total, { count }) => total + count, 0);
  return {
    complete: forecast.complete,
    images: forecast.images,
    annotations: sum(forecast.annotations),
    split_share: splits ? shareOf(splits, split_shares, forecast) : 1,
    chosen_splits: forecast.splits,
    by_kind: [...loss].flatMap(([annotation_type, { fate, findings }]) => {
      const annotations = sum(forecast.annotations.filter((row) => row.annotation_type === annotation_type));
      return annotations > 0 ? [{ annotation_type, annotations, fate, findings }] : [];
    }),
    by_class: classes.flatMap(({ id, name }) => {
      const annotations = sum(forecast.annotations.filter(({ class_id }) => class_id === id));
      return annotations > 0 ? [{ class_id: id, name, annotations }] : [];
    }),
    size_bytes: include_images ? forecast.size_bytes : 0,
    file_name: plan.file_name,
  };
}

/** The part of all images that these splits make up, about: those that were put into one, and of the others what the shares say. */
function shareOf(splits: readonly Split[], shares: SplitShares, forecast: ExportForecast): number {
  const chosen = (of: readonly Split[]) => of.reduce((total, split) => total + (forecast.splits[split] ?? 0), 0);
  const share = splits.reduce((total, split) => total + shares[split], 0) / (shares.train + shares.val + shares.test);
  const all = Math.max(forecast.total, 1);
  return (chosen(splits) + (forecast.total - chosen(SPLITS)) * share) / all;
}
