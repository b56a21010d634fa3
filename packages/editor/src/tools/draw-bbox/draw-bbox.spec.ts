import { screenPoint } from '../../camera/points.js';
import { storedBox, TestEditor } from '../../testing/index.js';

const bbox = (x: number, y: number, w: number, h: number) => ({ type: 'bbox', bbox: [x, y, w, h] }) as const;
const tool = () => new TestEditor().tool('draw_bbox');

test('a drag makes a box of the active class and selects it', () => {
  const t = tool().pointerMove(10, 20).pointerDown(10, 20).expectState('draw_bbox.drawing').pointerMove(60, 60);
  expect(t.editor.getSnapshot().draft.drawing?.geometry).toEqual(bbox(10, 20, 50, 40));
  t.expectShapes([]).pointerUp(110, 70).expectState('draw_bbox.idle');
  t.expectShapes([{ geometry: bbox(10, 20, 100, 50), class_id: 1, task_type: 'detection', annotation_type: 'bbox' }]);
  t.expectSelection(t.shapeAt(0).id)
    .undo()
    .expectShapes([])
    .redo()
    .expectGeometries(bbox(10, 20, 100, 50));
});

test('in any direction', () => {
  tool()
    .drag([110, 70], [10, 20])
    .expectGeometries(bbox(10, 20, 100, 50));
});

test('two clicks make a box', () => {
  tool()
    .click(10, 20)
    .expectState('draw_bbox.drawing')
    .pointerMove(50, 50)
    .click(110, 70)
    .expectState('draw_bbox.idle')
    .expectGeometries(bbox(10, 20, 100, 50));
});

test('a drag of no size begins two clicks; a second click on the same spot is refused and waits', () => {
  const t = tool().drag([10, 20], [10, 20]).expectState('draw_bbox.drawing').click(10, 20).expectNotice('too_small');
  t.expectState('draw_bbox.drawing')
    .click(110, 70)
    .expectGeometries(bbox(10, 20, 100, 50));
});

test('a thin drag is refused', () => {
  tool().drag([10, 20], [110, 20.4]).expectNotice('too_small').expectState('draw_bbox.idle').expectShapes([]);
});

test('a double click leaves no half-begun box', () => {
  tool().doubleClick(50, 50).expectState('draw_bbox.idle').expectShapes([]);
});

test('is cut at the edge of the image; wholly outside makes nothing', () => {
  const t = tool().drag([-50, -50], [60, 40]).drag([950, 700], [2000, 2000]);
  t.expectGeometries(bbox(0, 0, 60, 40), bbox(950, 700, 50, 100));
  t.drag([-50, -50], [-10, -10]).expectNotice('too_small');
  expect(t.editor.shapes).toHaveLength(2);
});

test('coordinates are kept to 1/100 px whatever the zoom', () => {
  const t = tool();
  t.editor.camera.zoomBy(3.7);
  t.drag([100, 100], [333, 222]);
  const { geometry } = t.shapeAt(0);
  const numbers = geometry.type === 'bbox' ? geometry.bbox : [];
  expect(numbers).toHaveLength(4);
  for (const value of numbers) expect(value).toBe(Math.round(value * 100) / 100);
});

test('Escape, undo and a lost pointer drop the box in the hand', () => {
  for (const stop of [
    (t: TestEditor) => t.key('Escape'),
    (t: TestEditor) => t.undo(),
    (t: TestEditor) => t.pointerCancel(),
  ]) {
    const t = tool().drag([500, 500], [600, 600]).pointerDown(10, 20).pointerMove(60, 60);
    stop(t)
      .expectState('draw_bbox.idle')
      .expectDrawn(null)
      .pointerUp(70, 70)
      .expectGeometries(bbox(500, 500, 100, 100));
  }
});

test('between two clicks a lost pointer loses nothing, Delete and Escape do', () => {
  const t = tool()
    .click(10, 20)
    .pointerCancel()
    .expectState('draw_bbox.drawing')
    .key('Delete')
    .expectState('draw_bbox.idle');
  t.click(10, 20).key('Escape').expectState('draw_bbox.idle').key('Escape').expectState('select.idle').expectShapes([]);
});

test('without a pointer: arrows bring the crosshair, Enter puts the corners', () => {
  const t = tool().key('ArrowRight').key('Enter').expectState('draw_bbox.drawing');
  t.key('Shift+ArrowRight', 5).key('Shift+ArrowDown', 3).key('Alt+ArrowDown').key('Enter');
  t.expectState('draw_bbox.idle').expectGeometries(bbox(501, 400, 50, 30.1));
});

test('arrows go on from where the pointer rested', () => {
  tool()
    .pointerMove(100, 100)
    .key('ArrowRight')
    .key('Enter')
    .key('Mod+ArrowRight')
    .key('Mod+ArrowDown')
    .key('Enter')
    .expectGeometries(bbox(101, 100, 100, 100));
});

test('panning in the middle of it keeps the corner at its place in the image', () => {
  const t = tool();
  t.editor.camera.zoomBy(2);
  const anchor = t.editor.camera.toImage(screenPoint(100, 100));
  t.pointerDown(100, 100)
    .pointerMove(150, 150)
    .dispatch({
      type: 'wheel',
      point: screenPoint(150, 150),
      dx: 20,
      dy: 20,
      zoom: false,
      shift: false,
      alt: false,
      mod: false,
    });
  t.pointerMove(200, 200).pointerUp(200, 200);
  expect(t.shapeAt(0).geometry).toMatchObject({ bbox: [anchor[0], anchor[1], 60, 60] });
});

test('needs a class', () => {
  const t = tool();
  t.editor.setClasses([]);
  t.drag([10, 10], [60, 60]).expectNotice('no_class').expectState('draw_bbox.idle').expectShapes([]);
});

test('withdraws "no object" in the same step', () => {
  const t = tool()
    .key('o')
    .expectShapes([{ annotation_type: 'no_object', class_id: null, task_type: 'detection' }]);
  t.drag([10, 10], [60, 60])
    .expectShapes([{ annotation_type: 'bbox' }])
    .undo()
    .expectShapes([{ annotation_type: 'no_object' }]);
});

test('opening another image in the middle drops the box and puts none there', () => {
  const t = tool().pointerDown(10, 10).pointerMove(60, 60);
  t.editor.load({ id: 2, width: 300, height: 300 }, [storedBox(9, [0, 0, 5, 5])]);
  t.expectState('draw_bbox.idle')
    .expectDrawn(null)
    .pointerUp(80, 80)
    .expectShapes([{ id: 'a9' }]);
});

test('events with broken numbers are ignored', () => {
  const t = tool().pointerDown(Number.NaN, 10).expectState('draw_bbox.idle').pointerDown(10, 10);
  t.pointerMove(Number.POSITIVE_INFINITY, 60).pointerUp(60, Number.NaN).expectState('draw_bbox.drawing');
  t.pointerUp(60, 60).pointerMove(60, 60).pointerUp(60, 60);
  for (const { geometry } of t.editor.shapes) expect(JSON.stringify(geometry)).not.toMatch(/null/);
});
