import { screenPoint } from '../camera/points.js';
import { storedBox, TestEditor } from '../testing/index.js';
import { attachInput } from './attach-input.js';

/** As much of an element and its window as the adapter touches; events are plain `Event`s with fields. */
class FakeElement extends EventTarget {
  readonly style = { touchAction: 'auto' };
  readonly captured: number[] = [];
  focused = 0;
  marked = '';
  readonly window = Object.assign(new EventTarget(), { getSelection: () => this.marked });
  readonly ownerDocument = { defaultView: this.window };
  getBoundingClientRect = () => ({ left: 100, top: 50, height: 800 });
  setPointerCapture = (id: number) => void this.captured.push(id);
  focus = () => void this.focused++;
  closest = () => null;
}

const NO_KEYS = { shiftKey: false, altKey: false, ctrlKey: false, metaKey: false };

function setup(): { t: TestEditor; element: FakeElement; detach: () => void } {
  const t = new TestEditor([storedBox(1, [100, 100, 50, 50])]);
  const element = new FakeElement();
  const detach = attachInput(element as unknown as HTMLElement, t.editor);
  return { t, element, detach };
}

function send(target: EventTarget, type: string, fields: object): Event {
  const event = Object.assign(new Event(type, { cancelable: true }), NO_KEYS);
  for (const [name, value] of Object.entries(fields)) Object.defineProperty(event, name, { value, configurable: true });
  target.dispatchEvent(event);
  return event;
}

/** A pointer event at canvas coordinates. */
function pointer(element: FakeElement, type: string, x: number, y: number, fields: object = {}): Event {
  return send(element, type, {
    pointerId: 1,
    pointerType: 'mouse',
    button: type === 'pointermove' ? -1 : 0,
    clientX: x + 100,
    clientY: y + 50,
    timeStamp: 1000,
    ...fields,
  });
}

const key = (element: FakeElement, name: string, fields: object = {}) =>
  send(element.window, 'keydown', {
    key: name,
    code: `Key${name.toUpperCase()}`,
    repeat: false,
    isComposing: false,
    ...fields,
  });

describe('pointer', () => {
  test('a drag arrives in canvas coordinates, captured and focused', () => {
    const { t, element } = setup();
    t.tool('draw_bbox');
    pointer(element, 'pointerdown', 10, 10);
    pointer(element, 'pointermove', 60, 40);
    pointer(element, 'pointerup', 60, 40);
    pointer(element, 'lostpointercapture', 60, 40);
    expect(t.shapeAt(1).geometry).toEqual({ type: 'bbox', bbox: [10, 10, 50, 30] });
    expect(element.captured).toEqual([1]);
    expect(element.focused).toBe(1);
    expect(element.style.touchAction).toBe('none');
  });

  test.each(['lostpointercapture', 'pointercancel'])('%s in the middle of a drag cancels it', (type) => {
    const { t, element } = setup();
    pointer(element, 'pointerdown', 120, 120);
    pointer(element, 'pointermove', 160, 160);
    t.expectState('select.translating');
    pointer(element, type, 160, 160);
    t.expectState('select.idle').expectMoved({});
    pointer(element, 'pointerup', 160, 160);
    expect(t.diffs).toHaveLength(0);
  });

  test('a pointer that is gone before it could be captured is no error', () => {
    const { t, element } = setup();
    element.setPointerCapture = () => {
      throw new DOMException('gone', 'NotFoundError');
    };
    pointer(element, 'pointerdown', 120, 120);
    t.expectState('select.pointing_shape');
  });

  test('two presses on one spot are a double click, slow or distant ones are not', () => {
    const press = (element: FakeElement, x: number, y: number, timeStamp: number) => {
      pointer(element, 'pointerdown', x, y, { timeStamp });
      pointer(element, 'pointerup', x, y, { timeStamp: timeStamp + 50 });
    };
    for (const [third, closed] of [
      [1300, true],
      [2300, false],
    ] as const) {
      const { t, element } = setup();
      t.tool('draw_polygon');
      press(element, 200, 200, 0);
      press(element, 400, 200, 100);
      press(element, 400, 400, 1100);
      press(element, 401, 400, third);
      t.expectState(closed ? 'draw_polygon.idle' : 'draw_polygon.drawing');
    }
  });

  test('a second finger calls the gesture off and pinches; nothing is drawn until all fingers are up', () => {
    const { t, element } = setup();
    t.tool('draw_bbox');
    const touch = (type: string, id: number, x: number, y: number) =>
      pointer(element, type, x, y, { pointerId: id, pointerType: 'touch' });
    touch('pointerdown', 1, 400, 400);
    touch('pointermove', 1, 440, 400);
    touch('pointerdown', 2, 600, 400);
    t.expectState('draw_bbox.idle');
    const { zoom } = t.editor.getSnapshot().camera;
    touch('pointermove', 2, 760, 400);
    expect(t.editor.getSnapshot().camera.zoom).toBeCloseTo(zoom * 2);
    touch('pointerup', 2, 760, 400);
    touch('pointermove', 1, 100, 100);
    touch('pointerup', 1, 100, 100);
    t.expectState('draw_bbox.idle').expectShapes([{}]);
    touch('pointerdown', 3, 400, 400);
    t.expectState('draw_bbox.drawing');
  });

  test('a second mouse button during a drag does not disturb it', () => {
    const { t, element } = setup();
    pointer(element, 'pointerdown', 120, 120);
    pointer(element, 'pointerdown', 120, 120, { pointerId: 2, button: 2 });
    pointer(element, 'pointermove', 160, 120);
    t.expectState('select.translating');
  });
});

describe('pointers that browsers report oddly', () => {
  test('two buttons of a mouse end with the one that is let go last: the drag ends', () => {
    const { t, element } = setup();
    pointer(element, 'pointerdown', 120, 120);
    pointer(element, 'pointermove', 140, 120);
    // A second button pressed and the first let go are moves to the browser.
    pointer(element, 'pointermove', 150, 120, { button: 1 });
    pointer(element, 'pointermove', 160, 120, { button: 0 });
    pointer(element, 'pointerup', 160, 120, { button: 1 });
    t.expectState('select.idle');
    expect(t.shapeAt(0).geometry).toEqual({ type: 'bbox', bbox: [140, 100, 50, 50] });
  });

  test('a press whose end a context menu swallowed does not swallow the next one', () => {
    const { t, element } = setup();
    pointer(element, 'pointerdown', 500, 500, { button: 2 });
    pointer(element, 'pointerdown', 120, 120);
    t.expectState('select.pointing_shape');
    pointer(element, 'pointermove', 160, 160);
    t.expectState('select.translating');
    pointer(element, 'pointerdown', 500, 500);
    t.expectState('select.brushing').expectMoved({});
  });

  test('a hand that rests on the screen does not disturb the pen', () => {
    const { t, element } = setup();
    t.tool('draw_bbox');
    const pen = (type: string, x: number, y: number) =>
      pointer(element, type, x, y, { pointerId: 7, pointerType: 'pen' });
    const palm = (type: string, x: number, y: number) =>
      pointer(element, type, x, y, { pointerId: 8, pointerType: 'touch' });
    pen('pointerdown', 300, 300);
    palm('pointerdown', 600, 700);
    palm('pointermove', 610, 700);
    pen('pointermove', 400, 400);
    palm('pointerup', 610, 700);
    pen('pointerup', 400, 400);
    expect(t.shapeAt(1).geometry).toEqual({ type: 'bbox', bbox: [300, 300, 100, 100] });
    // Nor when it lies there first.
    palm('pointerdown', 600, 700);
    pen('pointerdown', 500, 300);
    pen('pointermove', 560, 400);
    pen('pointerup', 560, 400);
    palm('pointerup', 600, 700);
    expect(t.shapeAt(2).geometry).toEqual({ type: 'bbox', bbox: [500, 300, 60, 100] });
  });
});

describe('wheel', () => {
  const wheel = (element: FakeElement, fields: object) =>
    send(element, 'wheel', {
      deltaX: 0,
      deltaY: 0,
      deltaMode: 0,
      clientX: 600,
      clientY: 450,
      timeStamp: 1000,
      ...fields,
    });

  test('a mouse wheel zooms to the cursor, whatever unit it counts in', () => {
    for (const fields of [{ deltaY: -120 }, { deltaY: -3, deltaMode: 1 }]) {
      const { t, element } = setup();
      const before = t.editor.camera.toImage(screenPoint(500, 400));
      expect(wheel(element, fields).defaultPrevented).toBe(true);
      expect(t.editor.getSnapshot().camera.zoom).toBeGreaterThan(1.1);
      const after = t.editor.camera.toImage(screenPoint(500, 400));
      expect(after[0]).toBeCloseTo(before[0]);
      expect(after[1]).toBeCloseTo(before[1]);
    }
  });

  test('a track pad pans, keeps panning within one turn, and zooms with Ctrl', () => {
    const { t, element } = setup();
    t.editor.camera.zoomBy(4);
    const { x, zoom } = t.editor.getSnapshot().camera;
    wheel(element, { deltaX: 8, deltaY: 3 });
    wheel(element, { deltaX: 0, deltaY: 90, timeStamp: 1016 });
    expect(t.editor.getSnapshot().camera).toMatchObject({ x: x - 8, zoom });
    wheel(element, { deltaY: -4, ctrlKey: true, timeStamp: 1032 });
    expect(t.editor.getSnapshot().camera.zoom).toBeGreaterThan(zoom);
  });

  test('Shift pans sideways', () => {
    const { t, element } = setup();
    t.editor.camera.zoomBy(4);
    const { x, y } = t.editor.getSnapshot().camera;
    wheel(element, { deltaY: 100, shiftKey: true });
    expect(t.editor.getSnapshot().camera).toMatchObject({ x: x - 100, y });
  });
});

describe('keyboard', () => {
  const within = (selector: string) => ({ closest: (list: string) => (list.includes(selector) ? {} : null) });

  test('keys of the window run actions and are used up', () => {
    const { t, element } = setup();
    expect(key(element, 'b').defaultPrevented).toBe(true);
    t.expectState('draw_bbox.idle');
    expect(key(element, 'q').defaultPrevented).toBe(false);
  });

  test('typing is left alone: fields, dialogs, input methods, keys somebody used', () => {
    const { t, element } = setup();
    for (const selector of ['input', 'textarea', 'contenteditable', '[role="dialog"]', 'data-editor-keys']) {
      key(element, 'b', { target: within(selector) });
    }
    key(element, 'b', { isComposing: true });
    key(element, 'b', { defaultPrevented: true });
    t.expectState('select.idle');
  });

  test('a focused button keeps Enter and arrows, other keys work', () => {
    const { t, element } = setup();
    t.editor.select(['a1']);
    key(element, 'ArrowLeft', { target: within('button') });
    expect(t.diffs).toHaveLength(0);
    key(element, 'b', { target: within('button') });
    t.expectState('draw_bbox.idle');
  });

  test('marked text is copied as text', () => {
    const { t, element } = setup();
    t.editor.select(['a1']);
    element.marked = 'some words';
    expect(key(element, 'c', { ctrlKey: true, target: element }).defaultPrevented).toBe(false);
    element.marked = '';
    expect(key(element, 'c', { metaKey: true, target: element }).defaultPrevented).toBe(true);
  });

  test('a window that loses the focus lets go of Space and of drags', () => {
    const { t, element } = setup();
    key(element, ' ', { code: 'Space' });
    expect(t.editor.getSnapshot().css_cursor).toBe('grab');
    send(element.window, 'blur', {});
    expect(t.editor.getSnapshot().css_cursor).toBe('default');
  });

  test('Space released over a field is not missed', () => {
    const { t, element } = setup();
    key(element, ' ', { code: 'Space' });
    send(element.window, 'keyup', {
      key: ' ',
      code: 'Space',
      repeat: false,
      isComposing: false,
      target: within('input'),
    });
    expect(t.editor.getSnapshot().css_cursor).toBe('default');
  });
});

test('detached, nothing arrives, and a gesture in progress is let go', () => {
  const { t, element, detach } = setup();
  pointer(element, 'pointerdown', 120, 120);
  pointer(element, 'pointermove', 160, 120);
  detach();
  t.expectState('select.idle');
  key(element, 'b');
  pointer(element, 'pointerdown', 120, 120);
  t.expectState('select.idle');
  expect(element.style.touchAction).toBe('auto');
});
