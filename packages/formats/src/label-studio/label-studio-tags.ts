import type { TaskType, TextGeometry } from '@labelyard/domain';

/** Names of the controls that our labeling configuration has; results name the control they come from. */
export const TAGS = {
  detection: 'detection',
  polygon: 'polygon',
  mask: 'mask',
  polyline: 'polyline',
  circle: 'circle',
  keypoint: 'keypoint',
  point: 'point',
  visibility: 'visibility',
  classification: 'classification',
  no_object: 'no_object',
} as const;

export const IMAGE_TAG = 'image';
/** The choice of a keypoint that is there but cannot be seen. */
export const HIDDEN = 'hidden';

/** A text control per kind and language, because a result says neither. */
export function textTag({ label_type, language }: Pick<TextGeometry, 'label_type' | 'language'>): string {
  return `${label_type}_${language.replaceAll('-', '_')}`;
}

export function textOfTag(tag: string): { readonly label_type: string; readonly language: string } | null {
  const found = /^(caption|description|qa)_([a-z]{2,3}(?:_[a-z0-9]{2,8})*)$/iu.exec(tag);
  return found && { label_type: found[1] as string, language: (found[2] as string).replaceAll('_', '-') };
}

/** Which task the labels of a control belong to; null leaves it open. */
export const TASK_OF_CONTROL: Readonly<Record<string, TaskType | null>> = {
  RectangleLabels: 'detection',
  PolygonLabels: 'segmentation',
  BrushLabels: 'segmentation',
  EllipseLabels: 'geometry',
  VectorLabels: 'geometry',
  Choices: 'classification',
  Labels: null,
};

/** A question and its answer as one text. */
export const answerText = (question: string, answer: string): string => `Q: ${question}\nA: ${answer}`;

export function answerOf(text: string): { readonly question: string; readonly text: string } | null {
  const found = /^Q: (.*?)\nA: (.*)$/su.exec(text);
  return found && { question: found[1] as string, text: found[2] as string };
}
