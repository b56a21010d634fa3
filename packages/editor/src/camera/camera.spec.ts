import fc from 'fast-check';
import { clampCamera, fitCamera, MAX_ZOOM, toImage, toScreen, zoomAt, zoomLimits } from './camera.js';
import { imagePoint, screenPoint } from './points.js';
import { ChangeHub } from '../change-hub.js';
import { CameraControl } from './camera-control.js';

const viewport = { width: 800, height: 600 };
const image = { width: 4000, height: 3000 };
const real = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const camera = fc.record({ x: real(-5000, 5000), y: real(-5000, 5000), zoom: real(0.01, 64) });

test('screen and image points convert back and forth', () => {
  fc.assert(
    fc.property(camera, real(0, 4000), real(0, 3000), (view, x, y) => {
      const [bx, by] = toImage(view, toScreen(view, imagePoint(x, y)));
      expect(bx).toBeCloseTo(x, 6);
      expect(by).toBeCloseTo(y, 6);
    }),
  );
});

test('zooming keeps the image point under the cursor', () => {
  fc.assert(
    fc.property(camera, real(0, 800), real(0, 600), real(0.02, 64), (view, x, y, zoom) => {
      const anchor = screenPoint(x, y);
      const before = toImage(view, anchor);
      const after = toImage(zoomAt(view, anchor, zoom), anchor);
      expect(Math.hypot(after[0] - before[0], after[1] - before[1]) * zoom).toBeLessThan(1e-6);
    }),
  );
});

test('fit shows the whole image in the middle', () => {
  const view = fitCamera(viewport, image);
  const [left, top] = toScreen(view, imagePoint(0, 0));
  const [right, bottom] = toScreen(view, imagePoint(4000, 3000));
  expect([left >= 0, top >= 0, right <= 800, bottom <= 600]).toEqual([true, true, true, true]);
  expect(left).toBeCloseTo(800 - right);
  expect(top).toBeCloseTo(600 - bottom);
});

test('whatever the camera, part of the image stays in view and zoom within limits', () => {
  fc.assert(
    fc.property(camera, (view) => {
      const kept = clampCamera(view, viewport, image);
      const limits = zoomLimits(viewport, image);
      expect(kept.zoom).toBeGreaterThanOrEqual(limits.min);
      expect(kept.zoom).toBeLessThanOrEqual(MAX_ZOOM);
      expect(kept.x).toBeLessThan(800);
      expect(kept.y).toBeLessThan(600);
      expect(kept.x + image.width * kept.zoom).toBeGreaterThan(0);
      expect(kept.y + image.height * kept.zoom).toBeGreaterThan(0);
    }),
  );
});

describe('camera control', () => {
  function control() {
    const camera = new CameraControl(new ChangeHub());
    camera.setViewport(viewport);
    camera.setImage(image);
    return camera;
  }

  test('stays at fit while nobody moved it, and keeps the view afterwards', () => {
    const camera = control();
    camera.setViewport({ width: 400, height: 300 });
    expect(camera.state).toEqual(fitCamera({ width: 400, height: 300 }, image));
    camera.zoomBy(2);
    const moved = camera.state;
    camera.setViewport({ width: 500, height: 300 });
    expect(camera.state.zoom).toBe(moved.zoom);
    camera.setImage({ ...image });
    expect(camera.state.zoom).toBe(moved.zoom);
    camera.setImage({ width: 100, height: 100 });
    expect(camera.state).toEqual(fitCamera({ width: 500, height: 300 }, { width: 100, height: 100 }));
  });

  test('at the largest zoom further zooming does not slide the image', () => {
    const camera = control();
    const anchor = screenPoint(400, 300);
    for (let i = 0; i < 50; i++) camera.zoomBy(2, anchor);
    const { state } = camera;
    expect(state.zoom).toBe(MAX_ZOOM);
    camera.zoomBy(2, anchor);
    expect(camera.state).toEqual(state);
  });

  test('brings a far shape into view, zooming out when it does not fit', () => {
    const camera = control();
    camera.actualSize();
    camera.reveal([3900, 2900, 50, 50]);
    const [x, y] = camera.toScreen(imagePoint(3925, 2925));
    expect([x > 0 && x < 800, y > 0 && y < 600]).toEqual([true, true]);
    expect(camera.state.zoom).toBe(1);
    camera.reveal([0, 0, 4000, 3000]);
    expect(camera.state.zoom).toBeLessThan(0.25);
  });

  test('ignores nonsense and does nothing without an image', () => {
    const camera = control();
    const { state } = camera;
    camera.zoomBy(Number.NaN);
    camera.zoomBy(0);
    expect(camera.state).toEqual(state);
    const empty = new CameraControl(new ChangeHub());
    empty.panBy(10, 10);
    empty.fit();
    expect(empty.state).toEqual({ x: 0, y: 0, zoom: 1 });
  });
});
