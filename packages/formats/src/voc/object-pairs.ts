import { normaliseClassName, type Box } from '@labelyard/domain';
import { areAlike, isInside } from '../boxes-alike.js';
import type { AnnotationDraft } from '../reading/import-desk.js';
import { isNumberList, isObject } from '../reading/record-fields.js';

/** Pixels of one value in a mask. */
export interface MaskRegion {
  readonly value: number;
  /** Around the pixels, from edge to edge. */
  readonly box: Box;
  readonly class_name: string;
  /** Which object of the XML file it is, from 1; null where the mask does not say. */
  readonly number: number | null;
}

interface NumberedDraft extends AnnotationDraft {
  /** Its place among the objects of the XML file, from 1. */
  readonly number: number;
}

/** Pixels; borders between objects belong to none. */
const TOLERANCE = 2;

/** What makes one thing of a box and a region of its class, the surest first: a region that others cover is smaller than its box. */
const RULES: readonly ((box: Box, region: Box, isSameNumber: boolean) => boolean)[] = [
  (box, region, isSameNumber) => isSameNumber && areAlike(box, region, TOLERANCE),
  (box, region) => areAlike(box, region, TOLERANCE),
  (box, region, isSameNumber) => isSameNumber && isInside(region, box, TOLERANCE),
];

/** The object of the XML file that a region of the mask shows: the k-th object has the pixels of value k, if both are alike. */
export function pairedObjects<Draft extends NumberedDraft>(
  drafts: readonly Draft[],
  regions: readonly MaskRegion[],
): Map<MaskRegion, Draft> {
  const free = new Set(
    drafts.flatMap((draft) => {
      const box = boxOf(draft);
      return box ? [{ draft, box, name: normaliseClassName(draft.class_name ?? '') }] : [];
    }),
  );
  const pairs = new Map<MaskRegion, Draft>();
  for (const isPair of RULES) {
    for (const region of regions) {
      if (pairs.has(region)) continue;
      const name = normaliseClassName(region.class_name);
      for (const one of free) {
        if (one.name !== name || !isPair(one.box, region.box, one.draft.number === region.number)) continue;
        pairs.set(region, one.draft);
        free.delete(one);
        break;
      }
    }
  }
  return pairs;
}

function boxOf({ geometry }: AnnotationDraft): Box | null {
  const box = isObject(geometry) ? geometry['bbox'] : null;
  return isNumberList(box) ? (box as unknown as Box) : null;
}
