import { storedBox, storedPolygon, TestEditor } from '../testing/index.js';
import type { Shape } from '../records/shape.js';
import { createPainter, type Painter } from './painter.js';

/** Notes down what is painted; fields can be set as on a real context. */
class FakeContext {
  readonly calls: (readonly [name: string, ...args: readonly unknown[]])[] = [];
  [key: string]: unknown;

  constructor(readonly canvas: { width: number; height: number }) {
    const names =
      'setTransform clearRect drawImage beginPath moveTo lineTo closePath rect fill stroke fillRect fillText save restore clip arc setLineDash getImageData';
    for (const name of names.split(' ')) this[name] = (...args: unknown[]) => void this.calls.push([name, ...args]);
    this.measureText = (text: string) => ({ width: text.length * 6 });
  }

  count(name: string): number {
    return this.calls.filter(([call]) => call === name).length;
  }
}

class FakeCanvas {
  static readonly made: FakeCanvas[] = [];
  readonly context: FakeContext;
  readonly style: Record<string, string> = {};

  constructor(
    public width = 0,
    public height = 0,
  ) {
    this.context = new FakeContext(this);
    FakeCanvas.made.push(this);
  }

  getContext(): FakeContext {
    return this.context;
  }
}

let frames: (() => void)[] = [];
let time = 0;
const globals = globalThis as unknown as Record<string, unknown>;
const realNow = performance.now.bind(performance);

beforeEach(() => {
  frames = [];
  time = 0;
  FakeCanvas.made.length = 0;
  globals.requestAnimationFrame = (callback: () => void) => frames.push(callback);
  globals.cancelAnimationFrame = () => (frames = []);
  globals.OffscreenCanvas = FakeCanvas;
  performance.now = () => time;
});

afterEach(() => {
  performance.now = realNow;
  for (const name of ['requestAnimationFrame', 'cancelAnimationFrame', 'OffscreenCanvas'])
    Reflect.deleteProperty(globals, name);
});

/** Runs frames, 16 ms apart, until none is asked for; returns how many there were. */
function run(): number {
  let count = 0;
  while (frames.length > 0 && count < 500) {
    const due = frames;
    frames = [];
    time += 16;
    for (const frame of due) frame();
    count++;
  }
  return count;
}

function setup(
  shapes: readonly Shape[] = [storedBox(1, [100, 100, 50, 50]), storedBox(2, [300, 300, 50, 50], { class_id: 2 })],
) {
  const t = new TestEditor(shapes);
  const canvases = { image: new FakeCanvas(), shapes: new FakeCanvas(), overlay: new FakeCanvas() };
  const painter: Painter = createPainter({
    canvases: canvases as unknown as Record<keyof typeof canvases, HTMLCanvasElement>,
    editor: t.editor,
    classStyle: (class_id) => ({ color: class_id === 2 ? '#00ff00' : '#ff0000', name: `class ${class_id}` }),
  });
  painter.resize(1000, 800, 2);
  run();
  const raster = () => (FakeCanvas.made.at(-1) as FakeCanvas).context;
  const forget = () => FakeCanvas.made.forEach(({ context }) => (context.calls.length = 0));
  return { t, painter, canvases, raster, forget };
}

test('canvases get device pixels, the camera CSS pixels', () => {
  const { t, canvases } = setup();
  expect([canvases.image.width, canvases.overlay.height, canvases.shapes.style.width]).toEqual([2000, 1600, '1000px']);
  expect(t.editor.camera.viewport).toEqual({ width: 1000, height: 800 });
});

test('frames stop when nothing changes; a hover repaints the overlay only', () => {
  const { t, canvases, forget } = setup();
  expect(frames).toHaveLength(0);
  forget();
  t.pointerMove(120, 120);
  expect(run()).toBe(1);
  expect(canvases.overlay.context.calls.length).toBeGreaterThan(0);
  expect(canvases.shapes.context.calls).toEqual([]);
  expect(canvases.image.context.calls).toEqual([]);
});

test('panning copies the raster without painting shapes; zooming paints anew once it rests', () => {
  const many = Array.from({ length: 600 }, (_, i) =>
    storedBox(i + 1, [(i % 30) * 30, Math.floor(i / 30) * 30, 20, 20]),
  );
  const { t, canvases, forget } = setup(many);
  forget();
  const rasters = FakeCanvas.made.length;
  t.editor.camera.panBy(10, 5);
  run();
  expect(FakeCanvas.made).toHaveLength(rasters);
  expect(canvases.shapes.context.count('drawImage')).toBe(1);
  t.editor.camera.zoomBy(1.1);
  t.editor.camera.zoomBy(1.1);
  run();
  expect(FakeCanvas.made).toHaveLength(rasters + 1);
});

test('a dragged shape leaves the raster by a patch and comes back by another; each move touches the overlay only', () => {
  const { t, canvases, raster, forget } = setup();
  t.pointerMove(120, 120).pointerDown(120, 120).pointerMove(140, 120);
  const rasters = FakeCanvas.made.length;
  forget();
  run();
  expect(raster().count('clip')).toBe(1);
  forget();
  t.pointerMove(150, 120);
  run();
  expect(raster().calls).toEqual([]);
  expect(canvases.overlay.context.count('stroke')).toBeGreaterThan(0);
  forget();
  t.pointerUp(160, 120);
  run();
  expect(raster().count('clip')).toBeGreaterThanOrEqual(1);
  expect(FakeCanvas.made).toHaveLength(rasters);
});

test('hidden classes are not painted, hidden shapes leave the canvas empty', () => {
  const { t, canvases, raster } = setup();
  t.editor.model.view.toggleClass(1);
  run();
  expect(raster().count('closePath')).toBe(1);
  canvases.shapes.context.calls.length = 0;
  t.editor.setView({ show_shapes: false });
  run();
  expect(canvases.shapes.context.count('drawImage')).toBe(0);
});

test('shapes apart share a path of at most 64, touching ones do not, tiny ones are rectangles', () => {
  const grid = (pitch: number, side: number) =>
    Array.from({ length: 200 }, (_, i) => storedBox(i + 1, [(i % 20) * pitch, Math.floor(i / 20) * pitch, side, side]));
  const apart = setup(grid(45, 20)).raster();
  expect(apart.count('closePath')).toBe(200);
  expect(apart.count('beginPath')).toBeLessThan(200);
  const touching = setup(grid(19, 20)).raster();
  expect(touching.count('fill')).toBeGreaterThan(100);
  const tiny = setup(grid(45, 1)).raster();
  expect(tiny.count('rect')).toBe(200);
  expect(tiny.count('fill')).toBe(Math.ceil(200 / 64));
});

test('holes are filled by the even-odd rule and vertices too close to tell apart are left out', () => {
  const ring = Array.from(
    { length: 1000 },
    (_, i) => [500 + 90 * Math.cos(i / 159.2), 400 + 90 * Math.sin(i / 159.2)] as const,
  );
  const { t, raster } = setup([
    storedPolygon(1, ring, [
      [
        [480, 380],
        [520, 380],
        [520, 420],
      ],
    ]),
  ]);
  expect(raster().calls).toContainEqual(['fill', 'evenodd']);
  t.editor.camera.fit();
  run();
  t.editor.camera.zoomBy(0.01);
  run();
  expect(raster().count('lineTo')).toBeLessThan(700);
});

test('opening another image drops the old picture of shapes at once', () => {
  const { t, canvases, forget } = setup();
  forget();
  t.editor.load({ id: 2, width: 1000, height: 800 }, [storedBox(9, [10, 10, 50, 50])]);
  run();
  const drawn = canvases.shapes.context.calls.filter(([name]) => name === 'drawImage');
  expect(drawn.map(([, canvas]) => canvas)).toEqual([FakeCanvas.made.at(-1)]);
  t.editor.unload();
  forget();
  run();
  expect(canvases.shapes.context.count('drawImage')).toBe(0);
});

test('the bitmap is stretched to the size of the image and shown as squares when magnified', () => {
  const { t, painter, canvases, forget } = setup();
  const bitmap = { width: 500, height: 400 } as ImageBitmap;
  forget();
  painter.setImage(bitmap);
  run();
  expect(canvases.image.context.calls).toContainEqual(['drawImage', bitmap, 0, 0, 2000, 1600]);
  expect(canvases.image.context.imageSmoothingEnabled).toBe(true);
  t.editor.camera.zoomBy(8);
  run();
  expect(canvases.image.context.imageSmoothingEnabled).toBe(false);
  painter.setImage(null);
  forget();
  run();
  expect(canvases.image.context.count('drawImage')).toBe(0);
});

test('a destroyed painter asks for no more frames', () => {
  const { t, painter } = setup();
  painter.destroy();
  t.pointerMove(120, 120).drag([120, 120], [180, 180]);
  expect(frames).toHaveLength(0);
});
