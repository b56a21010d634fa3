/** Rules a COCO file can break. Codes are a contract with readers of reports: add, do not rename. */
export const COCO_ISSUE_CODES = [
  'not_an_object',
  'missing_key',
  'not_a_list',
  'bad_id',
  'duplicate_id',
  'unknown_id',
  'bad_size',
  'bad_file_name',
  'duplicate_file_name',
  'bad_name',
  'bad_skeleton',
  'bad_bbox',
  'bbox_outside_image',
  'bbox_not_tight',
  'bad_area',
  'wrong_area',
  'bad_iscrowd',
  'bad_segmentation',
  'empty_segmentation',
  'short_ring',
  'odd_ring',
  'segmentation_outside_image',
  'bad_rle',
  'empty_mask',
  'bad_rotation',
  'bad_keypoints',
  'wrong_num_keypoints',
  'bad_caption',
  'categories_in_captions',
] as const;
export type CocoIssueCode = (typeof COCO_ISSUE_CODES)[number];

/** `path` is dotted from the top of the file: `annotations.12.bbox`. */
export interface CocoIssue {
  readonly code: CocoIssueCode;
  readonly path: string;
  readonly message: string;
}

/** Collects issues up to a limit, so that a file broken in every row stays readable. */
export class CocoIssues {
  readonly list: CocoIssue[] = [];

  constructor(private readonly limit: number) {}

  add(code: CocoIssueCode, path: string, message: string): void {
    if (this.list.length < this.limit) this.list.push({ code, path, message });
  }
}

/** Numbers pycocotools and its users can hold: it keeps ids as float64, and its scorer takes 0 for "no match". */
export function isId(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}
