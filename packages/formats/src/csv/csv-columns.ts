/** Columns we write. `geometry` is the shape as it is stored; the box beside it is for people and simple readers. */
export const CSV_COLUMNS = [
  'image', 'width', 'height', 'split', 'id', 'task_type', 'type', 'class', 'xmin', 'ymin', 'xmax', 'ymax', 'area', 'confidence',
  'state', 'attributes', 'geometry',
] as const; // prettier-ignore
export type CsvColumn = (typeof CSV_COLUMNS)[number] | 'x' | 'y' | 'w' | 'h';

/** Other names that tables have for them, lower case and without separators. */
const ALIASES: Readonly<Record<CsvColumn, readonly string[]>> = {
  image: ['filename', 'imagepath', 'imageid', 'imagename', 'path', 'file', 'img'],
  width: ['imagewidth', 'imgwidth'],
  height: ['imageheight', 'imgheight'],
  split: ['subset', 'set'],
  id: ['annotationid'],
  task_type: [],
  type: ['annotationtype', 'shape'],
  class: ['label', 'classname', 'category', 'labelname', 'name'],
  xmin: ['x1', 'left', 'xtl'],
  ymin: ['y1', 'top', 'ytl'],
  xmax: ['x2', 'right', 'xbr'],
  ymax: ['y2', 'bottom', 'ybr'],
  x: ['bboxx'],
  y: ['bboxy'],
  w: ['bboxw', 'bboxwidth', 'boxwidth'],
  h: ['bboxh', 'bboxheight', 'boxheight'],
  area: [],
  confidence: ['score', 'conf'],
  state: [],
  attributes: [],
  geometry: [],
};

/** Column → place in the header; names are compared without case, spaces and underscores. */
export function columnsOf(header: readonly string[]): Map<CsvColumn, number> {
  const plain = header.map((name) => name.toLowerCase().replace(/[\s_\-.]/gu, ''));
  const found = new Map<CsvColumn, number>();
  for (const [column, aliases] of Object.entries(ALIASES) as [CsvColumn, readonly string[]][]) {
    const at = [column.replace('_', ''), ...aliases].map((name) => plain.indexOf(name)).find((place) => place >= 0);
    if (at !== undefined) found.set(column, at);
  }
  return found;
}
