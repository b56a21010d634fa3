import { isLanguageTag, type TaskType, type TextGeometry } from '@labelyard/domain';

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

/** Other languages are marked as such: a control called `caption_short` is somebody else's. */
const PLAIN_LANGUAGE = /^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/iu;
const LANGUAGE_MARK = 'lang_';

/** A text control per kind and language, because a result says neither. */
export function textTag({ label_type, language }: Pick<TextGeometry, 'label_type' | 'language'>): string {
  return `${label_type}_${PLAIN_LANGUAGE.test(language) ? '' : LANGUAGE_MARK}${language.replaceAll('-', '_')}`;
}

/** The kind and language that a control of ours stands for, null for those of others. */
export function textOfTag(tag: string): { readonly label_type: string; readonly language: string } | null {
  const [, label_type, name] = /^(caption|description|qa)_(.+)$/su.exec(tag) ?? [];
  if (label_type === undefined || name === undefined) return null;
  const isMarked = name.startsWith(LANGUAGE_MARK);
  const language = (isMarked ? name.slice(LANGUAGE_MARK.length) : name).replaceAll('_', '-');
  return (isMarked || PLAIN_LANGUAGE.test(language)) && isLanguageTag(language) ? { label_type, language } : null;
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

/** A question and its answer as one text. A line of the question that looks like the answer gets a backslash in front. */
export const answerText = (question: string, answer: string): string =>
  `Q: ${question.replace(/\n(?=\\*A: )/gu, '\n\\')}\nA: ${answer}`;

export function answerOf(text: string): { readonly question: string; readonly text: string } | null {
  const found = /^Q: (.*?)\nA: (.*)$/su.exec(text);
  return found && { question: (found[1] as string).replace(/\n\\(?=\\*A: )/gu, '\n'), text: found[2] as string };
}

/** Points of classes without names are numbered; with a greater number than this, a few bytes would make a list without end. */
export const MOST_NUMBERED = 1_000;
