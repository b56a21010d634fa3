import type {
  DecidedRestore,
  LabelerTransaction,
  PlannedRestore,
  RestoreBatch,
  RestoredImage,
  RestoreScope,
  RestoreSelection,
} from '@labelyard/db';
import {
  decideRestore,
  ImageContents,
  type LabelingRules,
  type RestoreKind,
  type RestoreObstacle,
} from '@labelyard/domain';
import { measured } from '../annotations/annotation-changes.js';

export type RestoreCounts = Partial<Record<RestoreKind | RestoreObstacle, number>>;

/** Brings back what the selection names on these images, as far as nothing is in the way; answers how many of what. */
export async function restoreImages(
  tx: LabelerTransaction,
  scope: RestoreScope,
  selection: RestoreSelection,
  image_ids: readonly number[],
): Promise<RestoreCounts> {
  const batch = await tx.timeTravel.readBatch(scope, selection, image_ids);
  const images = new Map(batch.images.map((image) => [image.id, image]));
  const counts: RestoreCounts = {};
  const decided: DecidedRestore[] = [];
  for (const [image_id, plan] of Map.groupBy(batch.plan, (one) => one.image_id)) {
    const { rules, contents } = rulesOf(batch, images.get(image_id));
    decideRestore(plan, rules, contents).forEach((decision, n) => {
      const { kind, ...planned } = plan[n] as PlannedRestore;
      const key = decision.obstacle ?? kind;
      counts[key] = (counts[key] ?? 0) + 1;
      if (decision.obstacle) return;
      decided.push({ ...planned, kind, shape: decision.geometry && measured(decision.geometry) });
    });
  }
  if (decided.length > 0) await tx.timeTravel.writeRestored(scope, decided);
  return counts;
}

/** What restores of one image are decided by. One that is gone needs no rules: everything on it has that obstacle. */
function rulesOf({ task_types, classes }: RestoreBatch, image: RestoredImage | undefined) {
  const rules: LabelingRules = {
    image: { width: image?.width ?? 0, height: image?.height ?? 0 },
    task_types,
    classes: new Map(classes.map((one) => [one.id, one])),
  };
  const others = new Map((image?.counts ?? []).map(({ task_type, count }) => [task_type, count]));
  for (const { task_type } of image?.limiting ?? []) others.set(task_type, (others.get(task_type) ?? 0) - 1);
  return { rules, contents: new ImageContents(image?.limiting ?? [], others) };
}
