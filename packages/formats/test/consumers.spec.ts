import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { decodeRleCounts, rotatedBoxCorners, type Geometry } from '@labelyard/domain';
import { writeCoco } from '../src/coco/write-coco.js';
import type { ExportImage, ExportRun } from '../src/codec.js';
import { writePng } from '../src/png/write-png.js';
import { writeCvat } from '../src/cvat/write-cvat.js';
import { eachPixel } from '../src/voc/voc-masks.js';
import { writeLabelStudio } from '../src/label-studio/write-label-studio.js';
import { writeVoc } from '../src/voc/write-voc.js';
import { writeYolo } from '../src/yolo/write-yolo.js';
import type { YoloKind } from '../src/yolo/yolo-options.js';
import { CONSUMED } from './consumed-project.js';
import { turnedJpeg } from './turned-jpeg.js';
import { TURNED, WIDE } from './wide-project.js';
import { GOLDEN } from './golden-project.js';
import { readFiles, readRawFiles, sourceOf } from './project-source.js';

/** Our files in the hands of those who use them, where their Python packages are installed (README.md says how). */

const consumers = join(import.meta.dirname, '../consumers');

/** A virtual environment of README.md, or whatever Python is on the path, when it has the package. */
function pythonWith(module: string, ...environments: string[]): string | undefined {
  const candidates = [
    ...environments.map((name) => join(import.meta.dirname, `../.cache/${name}/bin/python`)),
    'python3',
  ];
  return candidates.find((candidate) => {
    try {
      execFileSync(candidate, ['-c', `import importlib.util as u, sys; sys.exit(u.find_spec("${module}") is None)`], {
        stdio: 'ignore',
      });
      return true;
    } catch {
      return false;
    }
  });
}

function withConsumer(
  module: string,
  environments: string[],
  name: string,
  run: (ask: (...args: string[]) => unknown) => Promise<void>,
) {
  const python = pythonWith(module, ...environments);
  const reason = python ? '' : ` (skipped: no Python with ${module}; packages/formats/README.md says how to get it)`;
  (python ? test : test.skip)(
    name + reason,
    () =>
      run((script, ...args) => {
        const out = execFileSync(python as string, [join(consumers, script), ...args], {
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'pipe'],
        });
        return JSON.parse(out) as unknown;
      }),
    120_000,
  );
}

const noise = ({ id, width, height }: ExportImage) =>
  writePng(
    new Uint8Array(width * height).map((_, n) => (n * 7 + id * 31) % 256),
    { width, height },
    null,
  );

/** Files and pictures of an export on disk, as a user unpacks them. Pictures are PNGs under any name: readers look at the content. */
async function unpacked(
  run: ExportRun,
  use: (folder: string) => void | Promise<void>,
  images: readonly ExportImage[] = CONSUMED.images,
  picture: (image: ExportImage) => Uint8Array | Promise<Uint8Array> = noise,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'formats-'));
  const put = (path: string, content: Uint8Array) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  try {
    for (const [path, content] of await readRawFiles(run)) put(path, content);
    for await (const { image_id, path } of run.pictures()) {
      put(path, await picture(images.find(({ id }) => id === image_id)!));
    }
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const PYCOCOTOOLS = ['consumers', 'pycocotools'];

withConsumer('pycocotools', PYCOCOTOOLS, 'pycocotools scores our file against itself with AP 1.000', async (ask) => {
  const folder = mkdtempSync(join(tmpdir(), 'coco-'));
  try {
    const path = join(folder, 'instances.json');
    writeFileSync(path, (await readFiles(writeCoco(sourceOf(GOLDEN)))).get('instances.json')!);
    expect(ask('coco_self_score.py', path)).toEqual({
      annotations: 14,
      images: 5,
      categories: 5,
      empty_masks: 0,
      pixel_error: 0,
      bbox: 1,
      segm: 1,
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const COCO = { include: ['instances', 'keypoints', 'captions', 'labels'] } as const;

withConsumer('pycocotools', PYCOCOTOOLS, 'pycocotools scores keypoints, boxes and masks with AP 1.000', async (ask) => {
  await unpacked(writeCoco(sourceOf(CONSUMED), COCO), (folder) => {
    expect(ask('coco_self_score.py', join(folder, 'keypoints.json'))).toMatchObject({
      annotations: 12,
      bbox: 1,
      segm: 1,
      keypoints: 1,
    });
    expect(ask('coco_self_score.py', join(folder, 'instances.json'))).toMatchObject({
      annotations: 48,
      pixel_error: 0,
      bbox: 1,
      segm: 1,
    });
  });
});

const INSTANCES: Record<YoloKind, number> = { detect: 24, segment: 36, obb: 24, pose: 12, classify: 12 };

for (const kind of ['detect', 'segment', 'obb', 'pose', 'classify'] as const) {
  withConsumer('ultralytics', ['consumers'], `Ultralytics scans ${kind} without a complaint`, async (ask) => {
    await unpacked(writeYolo(sourceOf(CONSUMED), { kind, shares: { train: 50, val: 50, test: 0 } }), (folder) => {
      expect(ask('ultralytics_scan.py', folder, kind)).toMatchObject({
        images: 12,
        instances: INSTANCES[kind],
        corrupt: 0,
        complaints: [],
      });
    });
  });
}

withConsumer(
  'torchvision',
  ['consumers'],
  'torchvision loads COCO, captions, VOC with masks and folders of classes',
  async (ask) => {
    await unpacked(writeCoco(sourceOf(CONSUMED), COCO), (folder) => {
      const load = (kind: string, file: string) =>
        ask('torchvision_load.py', kind, join(folder, 'images'), join(folder, file));
      expect(load('coco', 'instances.json')).toEqual({ items: 12, objects: 48 });
      expect(load('captions', 'captions.json')).toEqual({
        items: 12,
        captions: CONSUMED.images.map(({ id }) => `caption ${id}`),
      });
    });
    await unpacked(writeVoc(sourceOf(CONSUMED), { masks: true }), (folder) => {
      expect(ask('torchvision_load.py', 'voc', folder)).toMatchObject({ items: 12, objects: 48 });
      expect(ask('torchvision_load.py', 'voc-masks', folder)).toEqual({ items: 12, pixels: expect.any(Number) });
    });
    await unpacked(
      writeYolo(sourceOf(CONSUMED), { kind: 'classify', shares: { train: 1, val: 0, test: 0 } }),
      (folder) => {
        expect(ask('torchvision_load.py', 'folder', join(folder, 'train'))).toEqual({
          items: 12,
          classes: ['at night', '맑음'],
        });
      },
    );
  },
);

withConsumer(
  'datumaro',
  ['datumaro', 'consumers'],
  'Datumaro imports COCO, VOC and YOLO and drops nothing',
  async (ask) => {
    await unpacked(writeCoco(sourceOf(CONSUMED), COCO), (folder) => {
      // The names of COCO's own files tell kind and split; of several kinds of a split Datumaro reads one.
      const annotations = join(folder, 'annotations');
      const read = (ours: string, theirs: string) => {
        rmSync(annotations, { recursive: true, force: true });
        mkdirSync(annotations);
        renameSync(join(folder, `${ours}.json`), join(annotations, `${theirs}_train.json`));
        return ask('datumaro_import.py', folder, 'coco');
      };
      expect(read('instances', 'instances')).toMatchObject({
        items: 12,
        annotations: { bbox: 48, polygon: 24, mask: 24 },
      });
      expect(read('keypoints', 'person_keypoints')).toMatchObject({ items: 12, annotations: { bbox: 12, points: 12 } });
      expect(read('captions', 'captions')).toEqual({ items: 12, annotations: { caption: 12 } });
    });
    await unpacked(writeVoc(sourceOf(CONSUMED)), (folder) => {
      expect(ask('datumaro_import.py', join(folder, 'VOCdevkit/VOC2012'), 'voc_detection')).toMatchObject({
        items: 12,
      });
    });
    // Datumaro itself looks for pictures without their subfolders.
    const images = CONSUMED.images.filter(({ path }) => !path.includes('/'));
    const annotations = CONSUMED.annotations.filter(({ image_id }) => images.some(({ id }) => id === image_id));
    await unpacked(writeYolo(sourceOf({ ...CONSUMED, images, annotations }), { kind: 'detect' }), (folder) => {
      expect(ask('datumaro_import.py', folder, 'yolo')).toEqual({ items: 9, annotations: { bbox: 18 } });
    });
  },
);

const geometriesOf = <T extends Geometry['type']>(type: T) =>
  CONSUMED.annotations.map(({ geometry }) => geometry as Geometry).filter((one) => one.type === type) as Extract<
    Geometry,
    { type: T }
  >[];

/** Of each mask, its pixels and the sums of their rows and columns: a mask that is turned or shifted has others. */
function maskSums(): number[][] {
  return geometriesOf('mask').map(({ size: [height, width], counts }) => {
    const sums: [number, number, number] = [0, 0, 0];
    eachPixel(decodeRleCounts(counts)!, { width, height }, (place) => {
      sums[0]++;
      sums[1] += Math.floor(place / width);
      sums[2] += place % width;
    });
    return sums;
  });
}

withConsumer(
  'datumaro',
  ['datumaro', 'consumers'],
  'Datumaro imports CVAT: masks pixel for pixel, rotated boxes, and drops nothing',
  async (ask) => {
    await unpacked(writeCvat(sourceOf(CONSUMED)), (folder) => {
      const found = ask('datumaro_import.py', folder, 'cvat') as { masks: number[][]; rotated: number[][] };
      // Two parts are two polygons; of a skeleton Datumaro knows the points.
      expect(found).toMatchObject({
        items: 12,
        annotations: { bbox: 12, rotated_bbox: 12, polygon: 24, mask: 12, points: 60, label: 12 },
      });
      expect(found.masks).toEqual(maskSums());
      const rotated = geometriesOf('rotated_bbox').map(({ center, size, angle }) => [
        ...center,
        ...size,
        (angle + 360) % 360,
      ]);
      expect(found.rotated).toEqual(rotated.map((numbers) => numbers.map((value) => expect.closeTo(value, 6))));
    });
  },
);

withConsumer(
  'label_studio_sdk',
  ['label-studio'],
  'Label Studio’s SDK takes configuration and tasks, and decodes our brushes to the same pixels and bytes',
  async (ask) => {
    await unpacked(writeLabelStudio(sourceOf(CONSUMED)), (folder) => {
      expect(ask('label_studio_load.py', folder)).toEqual({
        tasks: 12,
        results: {
          rectanglelabels: 36,
          polygonlabels: 24,
          brushlabels: 12,
          keypointlabels: 48,
          choices: 24,
          textarea: 12,
        },
        complaints: [],
        brushes: maskSums(),
        corners: geometriesOf('rotated_bbox').map((box) =>
          rotatedBoxCorners(box).map((corner) => corner.map((value) => expect.closeTo(value, 6))),
        ),
        same_bytes: 12,
      });
    });
  },
);

withConsumer(
  'ultralytics',
  ['consumers'],
  'Ultralytics takes 5,000 objects, 1,000 classes, mixed skeletons, and pictures that lie turned in their files',
  async (ask) => {
    const picture = (image: ExportImage) => {
      const turned = TURNED.find(({ orientation }) => image.path === `exif-${orientation}.jpg`);
      return turned ? turnedJpeg(turned.orientation) : noise(image);
    };
    const shares = { train: 1, val: 0, test: 0 };
    const scan = async (kind: YoloKind, expected: object) =>
      unpacked(
        writeYolo(sourceOf(WIDE, 500), { kind, shares }),
        (folder) => expect(ask('ultralytics_scan.py', folder, kind)).toMatchObject({ images: 8, corrupt: 0, complaints: [], ...expected }), // prettier-ignore
        WIDE.images,
        picture,
      );
    // Sizes are those that people see: what was labeled lies where the trainer looks.
    const sizes = Object.fromEntries(
      TURNED.map(({ orientation, width, height }) => [`exif-${orientation}.jpg`, [width, height]]),
    );
    await scan('detect', { instances: 5_005, sizes });
    await scan('segment', { instances: 2 });
    await scan('pose', { instances: 3, names: ['person', 'bird'] });
  },
);

withConsumer(
  'pycocotools',
  PYCOCOTOOLS,
  'pycocotools scores 5,005 objects of 1,000 classes with AP 1.000',
  async (ask) => {
    await unpacked(
      writeCoco(sourceOf(WIDE, 500)),
      (folder) => {
        expect(ask('coco_self_score.py', join(folder, 'instances.json'))).toMatchObject({
          annotations: 5_007,
          empty_masks: 0,
          bbox: 1,
          segm: 1,
        });
      },
      WIDE.images,
    );
  },
);

withConsumer(
  'datumaro',
  ['datumaro', 'consumers'],
  'Datumaro imports CVAT of thousands, and keypoints of both skeletons',
  async (ask) => {
    await unpacked(
      writeCvat(sourceOf(WIDE, 500)),
      (folder) => {
        // Three skeletons are 17, 5 and 5 points.
        expect(ask('datumaro_import.py', folder, 'cvat')).toMatchObject({
          items: 8,
          annotations: { bbox: 5_005, polygon: 1, mask: 1, points: 27 },
        });
      },
      WIDE.images,
    );
  },
);

withConsumer('fiftyone', ['fiftyone'], 'FiftyOne reads COCO, YOLO, VOC and CVAT and drops nothing', async (ask) => {
  const reads = async (run: ExportRun, [kind, ...file]: [string, ...string[]], expected: object) =>
    unpacked(run, (folder) =>
      expect(ask('fiftyone_import.py', kind, folder, ...file)).toEqual({ images: 12, ...expected }),
    );
  const [car, person] = ['car "red", #1', '사람'];
  const coco = () => writeCoco(sourceOf(CONSUMED), COCO);
  await reads(coco(), ['coco', 'instances.json'], {
    labels: { coco_id: 0, detections: 48, segmentations: 48 },
    classes: { [car]: 24, [person]: 24, road: 48 },
  });
  await reads(coco(), ['coco', 'keypoints.json'], { labels: { coco_id: 0, keypoints: 12 }, classes: { pose: 12 } });
  const boxes = { [car]: 12, [person]: 12 };
  await reads(writeYolo(sourceOf(CONSUMED), { kind: 'detect' }), ['yolo'], { labels: { labels: 24 }, classes: boxes });
  await reads(writeYolo(sourceOf(CONSUMED), { kind: 'segment' }), ['segments'], { labels: { labels: 36 }, classes: { road: 36 } }); // prettier-ignore
  await reads(writeVoc(sourceOf(CONSUMED)), ['voc'], { labels: { labels: 48 }, classes: { ...boxes, road: 24 } });
  // Of CVAT's files it knows neither masks nor skeletons.
  await reads(writeCvat(sourceOf(CONSUMED)), ['cvat'], {
    labels: { classifications: 12, detections: 24, polylines: 24 },
    classes: { ...boxes, road: 24, 맑음: 6, 'at night': 6 },
  });
});
