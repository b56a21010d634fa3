import sharp from 'sharp';
import { area, boundsOf, clipToPicture } from './clip.mjs';
import { confirmedTasks, DEMO_CLASSES, labelsOf, operationId } from './demo-labels.mjs';
import { demoPictures, renderPicture } from './pictures.mjs';
import { drawScene } from './scene.mjs';
import { createVisibility } from './visibility.mjs';

const pictures = demoPictures();
const scenes = pictures.map(({ scene }) => ({ ...scene, ...drawScene(scene) }));

test('there are enough pictures, of different kinds, under different names', () => {
  expect(pictures).toHaveLength(24);
  expect(new Set(pictures.map(({ path }) => path)).size).toBe(24);
  expect(new Set(pictures.map(({ format }) => format))).toEqual(new Set(['jpeg', 'png', 'webp']));
  expect(pictures.filter(({ turned }) => turned)).toHaveLength(1);
  for (const mood of ['day', 'dusk', 'night', 'rain']) {
    for (const view of ['across', 'along'])
      expect(scenes.some((scene) => scene.mood === mood && scene.view === view)).toBe(true);
  }
});

test('the same seed draws the same picture and labels, another seed does not', () => {
  const { scene } = pictures[3];
  expect(drawScene(scene)).toEqual(drawScene(scene));
  expect(drawScene({ ...scene, seed: scene.seed + 1 }).svg).not.toBe(drawScene(scene).svg);
});

test('every object lies inside its picture and is large enough to be labeled', () => {
  for (const { width, height, objects } of scenes) {
    expect(objects.length).toBeGreaterThan(3);
    for (const { bbox, outline } of objects) {
      const [x, y, w, h] = bbox;
      expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
      expect(x + w).toBeLessThanOrEqual(width + 0.01);
      expect(y + h).toBeLessThanOrEqual(height + 0.01);
      expect(Math.min(w, h)).toBeGreaterThan(8);
      expect(area(outline)).toBeGreaterThan(20);
      boundsOf(outline).forEach((value, at) => expect(value).toBeCloseTo(bbox[at], 1));
    }
  }
});

test('bytes are the same each time; a phone picture is stored turned and displayed upright', async () => {
  const turned = pictures.find((picture) => picture.turned);
  const [first, second] = [await renderPicture(turned), await renderPicture(turned)];
  expect(first.bytes.equals(second.bytes)).toBe(true);
  const stored = await sharp(first.bytes).metadata();
  expect(stored).toMatchObject({ width: 1200, height: 900, orientation: 6 });
  const displayed = await sharp(first.bytes).autoOrient().toBuffer({ resolveWithObject: true });
  expect(displayed.info).toMatchObject({ width: turned.scene.width, height: turned.scene.height });
  // Sky on top of the displayed picture: brighter and bluer than the road at its bottom.
  // stats() looks at the input, whatever was cut from it.
  const strip = async (top) =>
    sharp(await sharp(displayed.data).extract({ left: 0, top, width: 900, height: 60 }).toBuffer()).stats();
  const [sky, road] = [await strip(0), await strip(1130)];
  expect(sky.channels[2].mean).toBeGreaterThan(road.channels[2].mean + 30);
});

test('labels use known classes; the last pictures are left to do', () => {
  const labels = scenes.map((scene, index) => labelsOf(index, scene));
  for (const { task_type, class_name } of labels.flat()) {
    expect(DEMO_CLASSES[task_type].map(({ name }) => name)).toContain(class_name);
  }
  expect(labels[0].map(({ task_type }) => task_type)).toEqual(
    expect.arrayContaining(['detection', 'segmentation', 'classification']),
  );
  expect(labels.at(-1)).toEqual([]);
  expect(confirmedTasks(0)).toEqual(['detection', 'segmentation', 'classification']);
  expect(confirmedTasks(23)).toEqual([]);
  const used = new Set(labels.flat().map(({ task_type, class_name }) => `${task_type}/${class_name}`));
  for (const [task, classes] of Object.entries(DEMO_CLASSES))
    for (const { name } of classes) expect(used).toContain(`${task}/${name}`);
});

test('operation ids are UUIDs that depend on dataset, picture and label only', () => {
  const id = operationId(1, 'a.jpg', 0);
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(operationId(1, 'a.jpg', 0)).toBe(id);
  const ids = [operationId(2, 'a.jpg', 0), operationId(1, 'b.jpg', 0), operationId(1, 'a.jpg', 1), id];
  expect(new Set(ids).size).toBe(4);
});

test('an outline is cut at the picture’s edge; one outside vanishes', () => {
  const square = [
    [-10, -10],
    [10, -10],
    [10, 10],
    [-10, 10],
  ];
  expect(boundsOf(clipToPicture(square, 100, 100))).toEqual([0, 0, 10, 10]);
  expect(area(clipToPicture(square, 100, 100))).toBe(100);
  expect(
    clipToPicture(
      square.map(([x, y]) => [x - 50, y]),
      100,
      100,
    ),
  ).toEqual([]);
});

test('what is covered counts as covered', () => {
  const box = (x, y, w, h) => [
    [x, y],
    [x + w, y],
    [x + w, y + h],
    [x, y + h],
  ];
  const visibility = createVisibility(300, 300);
  const back = visibility.paint(box(0, 0, 90, 90));
  const front = visibility.paint(box(0, 0, 90, 60));
  expect(visibility.shares()[back]).toBeCloseTo(1 / 3, 2);
  expect(visibility.shares()[front]).toBe(1);
  expect(visibility.isInFront(back, [45, 30])).toBe(false);
  expect(visibility.isInFront(back, [45, 80])).toBe(true);
});
