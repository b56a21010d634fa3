import { isNumberList } from '../reading/record-fields.js';
import { fromFile, type ImportDesk } from '../reading/import-desk.js';
import type { ImportedClass, ImportFile } from '../reading/import-codec.js';
import { xmlElements, type XmlElement } from '../reading/xml-elements.js';
import { TAGS, TASK_OF_CONTROL } from './label-studio-tags.js';

/** A labeling configuration, as far as it says what results mean. */
export interface LabelingConfig {
  /** Labels and choices by the name of their control. */
  readonly controls: ReadonlyMap<string, { readonly tag: string; readonly labels: ReadonlySet<string> }>;
  /** Where `value="$key"` of the image points to in the data of a task. */
  readonly image_key: string | null;
  /** Name of the image, to which results refer. */
  readonly image_tag: string | undefined;
  /** Names of the points by class. */
  readonly skeletons: ReadonlyMap<string, readonly string[]>;
  readonly classes: readonly ImportedClass[];
}

/** The first configuration among the files, null when there is none: tasks are read without it too. */
export async function readConfig(desk: ImportDesk, files: readonly ImportFile[]): Promise<LabelingConfig | null> {
  for (const file of files.filter(({ path }) => /\.xml$/iu.test(path))) {
    const root = await fromFile(desk, file, async () => {
      for await (const element of xmlElements(file, 'View')) return element;
      return null;
    });
    if (root) return configOf(root);
  }
  return null;
}

function configOf(root: XmlElement): LabelingConfig {
  const controls = new Map<string, { tag: string; labels: Set<string> }>();
  const skeletons = new Map<string, readonly string[]>();
  const classes: ImportedClass[] = [];
  let image_key: string | null = null;
  let image_tag: string | undefined;
  for (const element of everyElement(root)) {
    const { name: tag, attributes } = element;
    if (tag === 'Image') {
      image_key ??= /^\$(\w+)$/u.exec(attributes['value'] ?? '')?.[1] ?? null;
      image_tag ??= attributes['name'];
    }
    const control = attributes['name'];
    if (control === undefined || attributes['toName'] === undefined) continue;
    const labels = [...everyElement(element)].filter(({ name }) => name === 'Label' || name === 'Choice');
    const values = labels.map((label) => label.attributes['value'] ?? label.attributes['alias'] ?? '');
    controls.set(control, { tag, labels: new Set(values) });
    const task_type = TASK_OF_CONTROL[tag];
    if (task_type === undefined || attributes['perRegion'] === 'true' || control === TAGS.no_object) continue;
    for (const [n, label] of labels.entries()) {
      const name = values[n] as string;
      const keypoints = listOf(label.attributes['keypoints']).filter((one) => typeof one === 'string');
      const isSkeleton = keypoints.length > 0 || (tag === 'RectangleLabels' && control === TAGS.keypoint);
      if (isSkeleton) skeletons.set(name, keypoints);
      const skeleton = listOf(label.attributes['skeleton']).filter(
        (bone): bone is [number, number] => isNumberList(bone) && bone.length === 2,
      );
      const color = label.attributes['background'];
      classes.push({
        kind: 'class',
        name,
        task_type: isSkeleton ? 'keypoint' : task_type,
        ...(color !== undefined && /^#[0-9a-f]{6}$/iu.test(color) && { color }),
        ...(keypoints.length > 0 && { keypoints, skeleton }),
      });
    }
  }
  return { controls, image_key, image_tag, skeletons, classes };
}

function* everyElement(root: XmlElement): Generator<XmlElement> {
  for (const one of root.children) {
    yield one;
    yield* everyElement(one);
  }
}

function listOf(text: string | undefined): readonly unknown[] {
  try {
    const value = JSON.parse(text ?? '[]') as unknown;
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
