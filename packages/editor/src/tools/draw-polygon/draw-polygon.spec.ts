import { screenPoint } from '../../camera/points.js';
import { TestEditor } from '../../testing/index.js';

type XY = readonly [number, number];
const polygon = (...ring: XY[]) => ({ type: 'polygon', polygons: [[ring, []]] }) as const;
const corners: XY[] = [
  [100, 100],
  [300, 100],
  [300, 300],
  [100, 300],
];

function clicked(count = corners.length): TestEditor {
  const t = new TestEditor().tool('draw_polygon');
  for (const [x, y] of corners.slice(0, count)) t.click(x, y);
  return t;
}

test.each([
  ['a click on the first vertex', (t: TestEditor) => t.click(104, 103)],
  ['Enter', (t: TestEditor) => t.key('Enter')],
  [
    'a double click on the last vertex',
    (t: TestEditor) =>
      t.click(100, 300).dispatch({
        type: 'double_click',
        point: screenPoint(100, 300),
        button: 0,
        pointer: 'mouse',
        shift: false,
        alt: false,
        mod: false,
      }),
  ],
])('%s closes it', (_name, close) => {
  const t = close(clicked().expectState('draw_polygon.drawing').expectShapes([]));
  t.expectState('draw_polygon.idle').expectShapes([
    { geometry: polygon(...corners), class_id: 1, task_type: 'segmentation' },
  ]);
  t.expectSelection(t.shapeAt(0).id)
    .undo()
    .expectShapes([])
    .redo()
    .expectGeometries(polygon(...corners));
});

test('a double click puts the last vertex and closes', () => {
  clicked(3)
    .doubleClick(100, 300)
    .expectState('draw_polygon.idle')
    .expectGeometries(polygon(...corners));
});

test('a double click that closes on the first vertex begins no new polygon', () => {
  clicked()
    .doubleClick(100, 100)
    .expectState('draw_polygon.idle')
    .expectGeometries(polygon(...corners));
});

test('undo and Backspace take back the last vertex, redo brings it again', () => {
  const t = clicked()
    .expectDrawn(corners)
    .undo()
    .expectDrawn(corners.slice(0, 3))
    .key('Backspace')
    .expectDrawn(corners.slice(0, 2));
  t.redo().redo().expectDrawn(corners).redo().expectDrawn(corners);
  t.undo()
    .click(200, 350)
    .redo()
    .expectDrawn([...corners.slice(0, 3), [200, 350]]);
  expect(t.diffs).toHaveLength(0);
});

test('undo of the first vertex leaves the drawing; then history goes on', () => {
  const t = clicked().key('Enter');
  t.click(500, 500).undo().expectState('draw_polygon.idle').expectDrawn(null).undo().expectShapes([]);
});

test('Escape forgets everything, then leaves the tool', () => {
  clicked()
    .key('Escape')
    .expectState('draw_polygon.idle')
    .expectDrawn(null)
    .expectShapes([])
    .key('Escape')
    .expectState('select.idle');
});

test('too few vertices cannot be closed', () => {
  const t = clicked(2)
    .key('Enter')
    .expectNotice('too_few_points')
    .expectState('draw_polygon.drawing')
    .expectDrawn(corners.slice(0, 2));
  t.click(100, 100).expectDrawn([...corners.slice(0, 2), [100, 100]]);
});

test('vertices in a line make no shape', () => {
  new TestEditor()
    .tool('draw_polygon')
    .click(100, 100)
    .click(200, 100)
    .click(300, 100)
    .key('Enter')
    .expectNotice('too_small')
    .expectState('draw_polygon.drawing');
});

test('a trembling click goes where it was pressed, a dragged one where it was released', () => {
  const t = new TestEditor().tool('draw_polygon').pointerDown(100, 100).pointerMove(102, 101).pointerUp(102, 101);
  t.pointerDown(300, 100)
    .pointerMove(320, 120)
    .pointerUp(320, 120)
    .expectDrawn([
      [100, 100],
      [320, 120],
    ]);
});

test('a second click on the same spot is no second vertex', () => {
  clicked(2).click(301, 101).expectDrawn(corners.slice(0, 2));
});

test('a lost pointer loses the press, not the vertices', () => {
  const t = clicked(3).pointerDown(500, 500).pointerCancel().pointerUp(500, 500).expectDrawn(corners.slice(0, 3));
  t.expectState('draw_polygon.drawing');
  new TestEditor()
    .tool('draw_polygon')
    .pointerDown(5, 5, { pointer: 'touch' })
    .pointerCancel()
    .expectState('draw_polygon.idle');
});

test('vertices outside the image come to its edge', () => {
  new TestEditor()
    .tool('draw_polygon')
    .click(-50, 100)
    .click(300, -20)
    .click(300, 300)
    .key('Enter')
    .expectGeometries(polygon([0, 100], [300, 0], [300, 300]));
});

test('the pointer shows that the next click closes', () => {
  const t = clicked().pointerMove(103, 103);
  expect(t.editor.getSnapshot().draft.drawing).toMatchObject({ closing: true, points: corners });
  t.pointerMove(200, 400);
  expect(t.editor.getSnapshot().draft.drawing).toMatchObject({ closing: false, rubber: [200, 400] });
});

test('without a pointer: Enter puts vertices where arrows lead and closes where they do not', () => {
  const t = new TestEditor().tool('draw_polygon').key('ArrowRight').key('Enter').key('Mod+ArrowRight').key('Enter');
  t.key('Mod+ArrowDown')
    .key('Enter')
    .key('Alt+ArrowLeft')
    .key('Enter')
    .expectDrawn([
      [501, 400],
      [601, 400],
      [601, 500],
      [600.9, 500],
    ]);
  t.key('Enter')
    .expectState('draw_polygon.idle')
    .expectGeometries(polygon([501, 400], [601, 400], [601, 500], [600.9, 500]));
});

test('arrows back to the first vertex and Enter close as well', () => {
  const t = new TestEditor()
    .tool('draw_polygon')
    .key('ArrowRight')
    .key('Enter')
    .key('Mod+ArrowRight')
    .key('Enter')
    .key('Mod+ArrowDown')
    .key('Enter');
  t.key('Mod+ArrowUp').key('Mod+ArrowLeft').key('Enter').expectState('draw_polygon.idle');
  t.expectGeometries(polygon([501, 400], [601, 400], [601, 500]));
});

test('clicks and keys can be mixed', () => {
  new TestEditor()
    .tool('draw_polygon')
    .click(100, 100)
    .click(200, 100)
    .key('Mod+ArrowDown')
    .key('Enter')
    .expectDrawn([
      [100, 100],
      [200, 100],
      [200, 200],
    ])
    .key('Enter')
    .expectGeometries(polygon([100, 100], [200, 100], [200, 200]));
});

test('losing the right to edit keeps the vertices until it is back', () => {
  const t = clicked();
  t.editor.setReadonly('lock_lost');
  t.key('Enter').expectNotice('readonly', 'lock_lost').expectState('draw_polygon.drawing').expectDrawn(corners);
  t.editor.setReadonly(null);
  t.key('Enter').expectGeometries(polygon(...corners));
});

test('zooming and panning in the middle of it', () => {
  const t = clicked(2).pointerDown(400, 400, { button: 1 }).pointerMove(450, 400).pointerUp(450, 400, { button: 1 });
  t.expectState('draw_polygon.drawing').expectDrawn(corners.slice(0, 2));
  t.dispatch({
    type: 'wheel',
    point: screenPoint(10, 10),
    dx: 0,
    dy: -100,
    zoom: true,
    shift: false,
    alt: false,
    mod: false,
  }).expectDrawn(corners.slice(0, 2));
});

test('a held Backspace stops with the last vertex: what is selected is not deleted by it', () => {
  const t = clicked().key('Enter');
  const drawn = t.shapeAt(0).id;
  t.click(500, 500).click(600, 500).expectSelection(drawn);
  t.key('Backspace', 6)
    .expectState('draw_polygon.idle')
    .expectShapes([{ id: drawn }]);
  t.key('Backspace').expectShapes([]);
});

test('another tool does not take an outline away, only a point or two', () => {
  const t = clicked(3).key('v');
  t.expectState('draw_polygon.drawing').expectNotice('unfinished');
  t.key('p').expectState('draw_polygon.drawing');
  expect(t.editor.mayLeave()).toBe(false);
  t.key('Enter').expectGeometries(polygon(...corners.slice(0, 3)));
  expect(t.editor.mayLeave()).toBe(true);
  t.key('v').expectState('select.idle');

  clicked(2).key('v').expectState('select.idle').expectShapes([]);
  clicked(3).key('Escape').key('v').expectState('select.idle').expectShapes([]);
});
