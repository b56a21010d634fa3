import type { ExportClass, Split } from '../codec.js';
import { unusedName } from './read-yaml.js';
import type { YoloOptions } from './yolo-options.js';

/**
 * `data.yaml`. Without `path`, a trainer takes the folder of the file itself; with a relative one, the folder it was started in.
 * `task` is for readers of ours: nine numbers a row are a rotated box or a polygon of four points.
 */
export function yoloYaml(
  classes: readonly ExportClass[],
  used: ReadonlySet<Split>,
  { kind }: YoloOptions,
  keypoints: number,
): string {
  const some = (['train', 'val', 'test'] as const).find((split) => used.has(split)) ?? 'train';
  const lines = [
    `task: ${kind}`,
    `train: images/${used.has('train') ? 'train' : some}`,
    `val: images/${used.has('val') ? 'val' : some}`,
    ...(used.has('test') ? ['test: images/test'] : []),
    ...(kind === 'pose' ? [`kpt_shape: [${keypoints}, 3]`, ...keypointNames(classes, keypoints)] : []),
    classes.length > 0 ? 'names:' : 'names: {}',
    ...classes.map(({ name }, index) => `  ${index}: ${quoted(name)}`),
  ];
  return `${lines.join('\n')}\n`;
}

function keypointNames(classes: readonly ExportClass[], keypoints: number): string[] {
  const padded = (names: readonly string[] = []) =>
    Array.from({ length: keypoints }, (_, n) => quoted(names[n] ?? unusedName(n))).join(', ');
  return ['kpt_names:', ...classes.map((one, index) => `  ${index}: [${padded(one.keypoints)}]`)];
}

/** JSON text is YAML, once the characters are written out that YAML calls not printable. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
