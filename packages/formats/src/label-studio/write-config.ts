import { TASK_TYPES } from '@labelyard/domain';
import type { ExportClass } from '../codec.js';
import { xmlText } from '../reading/xml-elements.js';
import { HIDDEN, IMAGE_TAG, TAGS } from './label-studio-tags.js';

/** What the tasks turned out to need beside the classes. */
export interface UsedTags {
  readonly texts: ReadonlySet<string>;
  readonly no_object: boolean;
  /** How many points annotations of classes without names have at most. */
  readonly points: number;
}

/** The labeling configuration with which a project of Label Studio shows the tasks; keypoints carry their skeleton for reading back. */
export function configXml(classes: readonly ExportClass[], { texts, no_object, points: unnamed }: UsedTags): string {
  const of = (task: ExportClass['task_type']) => classes.filter(({ task_type }) => task_type === task);
  const lines = [`<Image name="${IMAGE_TAG}" value="$image" zoom="true"/>`];
  const control = (tag: string, name: string, rows: readonly string[], more = '') => {
    if (rows.length === 0) return;
    lines.push(`<${tag} name="${xmlText(name)}" toName="${IMAGE_TAG}"${more}>`);
    for (const row of rows) lines.push(`  ${row}`);
    lines.push(`</${tag}>`);
  };
  const labels = (task: ExportClass['task_type']) => of(task).map((one) => label(one));
  control('RectangleLabels', TAGS.detection, labels('detection'), ' canRotate="true"');
  control('PolygonLabels', TAGS.polygon, labels('segmentation'));
  control('BrushLabels', TAGS.mask, labels('segmentation'));
  control('VectorLabels', TAGS.polyline, labels('geometry'));
  control('EllipseLabels', TAGS.circle, labels('geometry'));
  const skeletons = of('keypoint');
  control(
    'RectangleLabels',
    TAGS.keypoint,
    skeletons.map((one) => label(one, skeletonValues(one))),
  );
  const points = pointNames(skeletons, unnamed);
  control(
    'KeyPointLabels',
    TAGS.point,
    points.map((name, n) => `<Label value="${xmlText(name)}" model_index="${n}"/>`),
  );
  if (points.length > 0) {
    control(
      'Choices',
      TAGS.visibility,
      [`<Choice value="${HIDDEN}"/>`],
      ` perRegion="true" whenTagName="${TAGS.point}"`,
    );
  }
  control(
    'Choices',
    TAGS.classification,
    of('classification').map(({ name }) => `<Choice value="${xmlText(name)}"/>`),
    ' choice="multiple"',
  );
  for (const name of [...texts].sort()) {
    lines.push(`<TextArea name="${xmlText(name)}" toName="${IMAGE_TAG}" editable="true" rows="2"/>`);
  }
  if (no_object) {
    lines.push('<Header value="Nothing to label for"/>');
    control(
      'Choices',
      TAGS.no_object,
      TASK_TYPES.map((task) => `<Choice value="${task}"/>`),
      ' choice="multiple"',
    );
  }
  return `<View>\n${lines.map((line) => `  ${line}\n`).join('')}</View>\n`;
}

/** Names of all skeletons, each once: a control cannot have two labels of one name. Points without names are numbered. */
function pointNames(skeletons: readonly ExportClass[], unnamed: number): string[] {
  const numbers = Array.from({ length: unnamed }, (_, n) => String(n + 1));
  return [...new Set([...skeletons.flatMap(({ keypoints }) => keypoints ?? []), ...numbers])];
}

function label({ name, color }: ExportClass, more = ''): string {
  return `<Label value="${xmlText(name)}"${color === undefined ? '' : ` background="${xmlText(color)}"`}${more}/>`;
}

function skeletonValues({ keypoints, skeleton }: ExportClass): string {
  if (!keypoints?.length) return '';
  return ` keypoints="${xmlText(JSON.stringify(keypoints))}" skeleton="${xmlText(JSON.stringify(skeleton ?? []))}"`;
}
