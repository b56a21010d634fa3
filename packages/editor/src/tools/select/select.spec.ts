import { storedBox, storedPolygon, TestEditor } from '../../testing/index.js';

const bbox = (x: number, y: number, w: number, h: number) => ({ type: 'bbox', bbox: [x, y, w, h] }) as const;
const polygon = (...rings: (readonly [number, number])[][]) =>
  ({ type: 'polygon', polygons: [[rings[0] ?? [], rings.slice(1)]] }) as const;

const large = storedBox(1, [100, 100, 400, 400]);
const small = storedBox(2, [200, 200, 50, 50]);
const square: (readonly [number, number])[] = [
  [600, 100],
  [700, 100],
  [700, 200],
  [600, 200],
];

describe('picking', () => {
  test('the smaller shape on top is picked, a click on nothing clears', () => {
    new TestEditor([small, large])
      .click(225, 225)
      .expectSelection('a2')
      .click(400, 400)
      .expectSelection('a1')
      .click(900, 700)
      .expectSelection();
  });

  test('a selected large shape can be dragged by a place where a small one lies; a click there picks the small one', () => {
    const t = new TestEditor([large, small]).click(400, 400).drag([225, 225], [235, 225]);
    t.expectGeometries(bbox(110, 100, 400, 400), bbox(200, 200, 50, 50));
    t.click(225, 225).expectSelection('a2');
  });

  test('shift adds and takes away', () => {
    const t = new TestEditor([large, small])
      .click(225, 225)
      .click(400, 400, { shift: true })
      .expectSelection('a2', 'a1');
    t.click(400, 400, { shift: true }).expectSelection('a2');
  });

  test('a shape with a hole is not picked through the hole', () => {
    const holed = storedPolygon(
      3,
      [
        [600, 300],
        [800, 300],
        [800, 500],
        [600, 500],
      ],
      [
        [
          [650, 350],
          [750, 350],
          [750, 450],
          [650, 450],
        ],
      ],
    );
    new TestEditor([holed]).click(700, 400).expectSelection().click(620, 400).expectSelection('a3');
  });

  test('hidden classes and hidden shapes cannot be picked', () => {
    const t = new TestEditor([large, { ...small, class_id: 2 }]);
    t.editor.model.view.toggleClass(2);
    t.click(225, 225).expectSelection('a1');
    t.editor.setView({ show_shapes: false });
    t.click(225, 225).expectSelection();
  });

  test('a finger may miss by more than a mouse', () => {
    new TestEditor([small])
      .click(262, 225)
      .expectSelection()
      .click(262, 225, { pointer: 'touch' })
      .expectSelection('a2');
  });

  test('the pointer names what is under it', () => {
    const t = new TestEditor([small]).pointerMove(225, 225);
    expect(t.editor.getSnapshot()).toMatchObject({ hovered: 'a2', css_cursor: 'move' });
    t.dispatch({ type: 'pointer_leave' });
    expect(t.editor.getSnapshot().hovered).toBeNull();
  });
});

describe('translating', () => {
  test('goes through pointing and translating, and edits the records once on release', () => {
    const t = new TestEditor([small]).pointerMove(225, 225).pointerDown(225, 225).expectState('select.pointing_shape');
    t.pointerMove(227, 225).expectState('select.pointing_shape');
    t.pointerMove(245, 235).expectState('select.translating').pointerMove(246, 235);
    t.expectMoved({ a2: bbox(221, 210, 50, 50) }).expectGeometries(bbox(200, 200, 50, 50));
    expect(t.diffs).toHaveLength(0);
    t.pointerUp(255, 235)
      .expectState('select.idle')
      .expectGeometries(bbox(230, 210, 50, 50))
      .expectMoved({});
    expect(t.diffs).toHaveLength(1);
    t.undo()
      .expectGeometries(bbox(200, 200, 50, 50))
      .redo()
      .expectGeometries(bbox(230, 210, 50, 50));
  });

  test('stops at the edge of the image, several shapes together', () => {
    const t = new TestEditor([large, small]);
    t.editor.select(['a1', 'a2']);
    t.drag([225, 225], [-500, -500]).expectGeometries(bbox(0, 0, 400, 400), bbox(100, 100, 50, 50));
    t.drag([125, 125], [2000, 125]).expectGeometries(bbox(600, 0, 400, 400), bbox(700, 100, 50, 50));
  });

  test('keeps fractions to 1/100 px', () => {
    const t = new TestEditor([storedBox(2, [200.005, 200, 50.333, 50])]);
    t.drag([225, 225], [235.1234, 225]).expectGeometries(bbox(210.13, 200, 50.33, 50));
  });

  test('a polygon with a hole and a second part moves as one', () => {
    const geometry = {
      type: 'polygon',
      polygons: [
        [
          [
            [10, 10],
            [60, 10],
            [60, 60],
            [10, 60],
          ],
          [
            [
              [20, 20],
              [30, 20],
              [30, 30],
            ],
          ],
        ],
        [
          [
            [100, 10],
            [140, 10],
            [140, 40],
          ],
          [],
        ],
      ],
    } as const;
    const t = new TestEditor([{ ...storedPolygon(1, square), geometry }]).drag([50, 50], [60, 55]);
    t.expectGeometries({
      type: 'polygon',
      polygons: [
        [
          [
            [20, 15],
            [70, 15],
            [70, 65],
            [20, 65],
          ],
          [
            [
              [30, 25],
              [40, 25],
              [40, 35],
            ],
          ],
        ],
        [
          [
            [110, 15],
            [150, 15],
            [150, 45],
          ],
          [],
        ],
      ],
    });
  });

  test.each([
    ['Escape', (t: TestEditor) => t.key('Escape')],
    ['a lost pointer', (t: TestEditor) => t.pointerCancel()],
    ['undo', (t: TestEditor) => t.undo()],
    ['a blurred window', (t: TestEditor) => t.dispatch({ type: 'blur' })],
    ['becoming read-only', (t: TestEditor) => (t.editor.setReadonly('lock_held'), t)],
    ['another tool', (t: TestEditor) => t.key('b').key('v')],
  ])('%s in the middle of a drag leaves no trace', (_name, stop) => {
    const t = new TestEditor([large, small]).drag([400, 400], [410, 400]);
    t.pointerMove(225, 225).pointerDown(225, 225).pointerMove(300, 300).expectState('select.translating');
    stop(t).expectState('select.idle').expectMoved({}).pointerUp(300, 300);
    t.expectGeometries(bbox(110, 100, 400, 400), bbox(200, 200, 50, 50));
    expect(t.diffs).toHaveLength(1);
  });

  test('deleting in the middle of a drag deletes', () => {
    const t = new TestEditor([small]).pointerMove(225, 225).pointerDown(225, 225).pointerMove(300, 300).key('Delete');
    t.expectState('select.idle')
      .expectShapes([])
      .pointerUp(300, 300)
      .undo()
      .expectGeometries(bbox(200, 200, 50, 50));
  });

  test('arrow keys do not interfere with a drag', () => {
    const t = new TestEditor([small])
      .pointerMove(225, 225)
      .pointerDown(225, 225)
      .pointerMove(235, 225)
      .key('ArrowDown');
    t.pointerUp(235, 225).expectGeometries(bbox(210, 200, 50, 50));
  });
});

describe('grips of a box', () => {
  test.each([
    ['nw', [200, 200], [180, 190], bbox(180, 190, 70, 60)],
    ['n', [225, 200], [225, 180], bbox(200, 180, 50, 70)],
    ['ne', [250, 200], [270, 190], bbox(200, 190, 70, 60)],
    ['e', [250, 225], [280, 230], bbox(200, 200, 80, 50)],
    ['se', [250, 250], [260, 270], bbox(200, 200, 60, 70)],
    ['s', [225, 250], [220, 290], bbox(200, 200, 50, 90)],
    ['sw', [200, 250], [190, 260], bbox(190, 200, 60, 60)],
    ['w', [200, 225], [150, 225], bbox(150, 200, 100, 50)],
  ] as const)('%s resizes', (_id, from, to, expected) => {
    const t = new TestEditor([small]).click(225, 225).pointerMove(from[0], from[1]).pointerDown(from[0], from[1]);
    t.expectState('select.dragging_handle')
      .pointerMove(to[0], to[1])
      .pointerUp(to[0], to[1])
      .expectGeometries(expected);
  });

  test('dragged past the opposite corner the box turns over, never beyond the image', () => {
    const t = new TestEditor([small]).click(225, 225);
    t.drag([250, 250], [150, 120]).expectGeometries(bbox(150, 120, 50, 80));
    t.drag([150, 120], [-900, -900]).expectGeometries(bbox(0, 0, 200, 200));
  });

  test('a grip taken beside its middle does not jump', () => {
    new TestEditor([small])
      .click(225, 225)
      .drag([253, 252], [263, 262])
      .expectGeometries(bbox(200, 200, 60, 60));
  });

  test("a press without a drag changes nothing and puts the grip into the keyboard's hand", () => {
    const t = new TestEditor([small])
      .click(225, 225)
      .click(251, 251)
      .expectGeometries(bbox(200, 200, 50, 50));
    expect(t.editor.getSnapshot().handle_id).toBe('se');
    t.key('ArrowRight', 3)
      .key('Alt+ArrowDown')
      .expectGeometries(bbox(200, 200, 53, 50.1));
    t.undo().expectGeometries(bbox(200, 200, 50, 50));
    expect(t.editor.getSnapshot().can_undo).toBe(false);
  });

  test('Escape restores in the middle of a resize', () => {
    new TestEditor([small])
      .click(225, 225)
      .pointerDown(250, 250)
      .pointerMove(300, 300)
      .key('Escape')
      .expectState('select.idle')
      .expectGeometries(bbox(200, 200, 50, 50))
      .expectSelection('a2');
  });
});

describe('vertices of a polygon', () => {
  const holed = storedPolygon(3, square, [
    [
      [630, 130],
      [670, 130],
      [670, 170],
      [630, 170],
    ],
  ]);

  test('move, insert on an edge, and delete with Alt', () => {
    const t = new TestEditor([storedPolygon(3, square)]).click(650, 150);
    t.drag([700, 100], [720, 90]).expectGeometries(
      polygon([
        [600, 100],
        [720, 90],
        [700, 200],
        [600, 200],
      ]),
    );
    t.drag([650, 200], [650, 240]).expectGeometries(
      polygon([
        [600, 100],
        [720, 90],
        [700, 200],
        [650, 240],
        [600, 200],
      ]),
    );
    t.click(650, 240, { alt: true }).expectGeometries(
      polygon([
        [600, 100],
        [720, 90],
        [700, 200],
        [600, 200],
      ]),
    );
    t.undo().undo().undo().expectGeometries(polygon(square));
  });

  test('of a hole are edited like those outside', () => {
    const t = new TestEditor([holed]).click(610, 150).drag([630, 130], [620, 120]);
    t.expectGeometries(
      polygon(square, [
        [620, 120],
        [670, 130],
        [670, 170],
        [630, 170],
      ]),
    );
  });

  test('the last three stay, with a notice', () => {
    const t = new TestEditor([storedPolygon(3, square.slice(0, 3))]).click(680, 120);
    t.click(600, 100, { alt: true })
      .expectNotice('too_few_points')
      .expectGeometries(polygon(square.slice(0, 3)));
  });

  test('all of it without a pointer', () => {
    const t = new TestEditor([storedPolygon(3, square)]).key(']').expectSelection('a3').key('.').key('.');
    t.key('Shift+ArrowUp').expectGeometries(
      polygon([
        [600, 100],
        [700, 90],
        [700, 200],
        [600, 200],
      ]),
    );
    t.key('i')
      .key('ArrowRight')
      .expectGeometries(
        polygon([
          [600, 100],
          [700, 90],
          [701, 145],
          [700, 200],
          [600, 200],
        ]),
      );
    t.key('Delete').expectGeometries(
      polygon([
        [600, 100],
        [700, 90],
        [700, 200],
        [600, 200],
      ]),
    );
    t.key(',').key('Escape').expectSelection('a3').key('Escape').expectSelection();
    t.key(']').key('Enter');
    expect(t.editor.getSnapshot().handle_id).toBe('v.0.0.0');
  });

  test('cannot leave the image', () => {
    new TestEditor([storedPolygon(3, square)])
      .click(650, 150)
      .drag([700, 100], [5000, -5])
      .expectGeometries(
        polygon([
          [600, 100],
          [1000, 0],
          [700, 200],
          [600, 200],
        ]),
      );
  });
});

describe('marquee', () => {
  test('selects what it touches, with Shift adds, and Escape brings back the selection', () => {
    const t = new TestEditor([large, small, storedPolygon(3, square)]);
    t.pointerMove(590, 90)
      .pointerDown(590, 90)
      .expectState('select.brushing')
      .pointerMove(620, 120)
      .expectSelection('a3')
      .pointerUp(620, 120);
    t.hold({ shift: true }).drag([190, 90], [90, 190]).hold().expectSelection('a3', 'a1').expectState('select.idle');
    t.pointerDown(900, 700).pointerMove(950, 750).expectSelection().key('Escape').expectSelection('a3', 'a1');
  });

  test('deletes what it selected in one step', () => {
    const t = new TestEditor([large, small]).drag([50, 50], [600, 600]).key('Delete').expectShapes([]);
    t.undo().expectShapes([{ id: 'a1' }, { id: 'a2' }]);
  });
});

describe('nudging', () => {
  test('1, 10, 0.1 and 100 pixels; a run of steps is one undo step', () => {
    const t = new TestEditor([small]).click(225, 225);
    t.key('ArrowLeft', 3).key('Shift+ArrowDown').key('Alt+ArrowRight').key('Mod+ArrowRight');
    t.expectGeometries(bbox(297.1, 210, 50, 50))
      .undo()
      .expectGeometries(bbox(200, 200, 50, 50));
  });

  test('another edit in between ends the run', () => {
    const t = new TestEditor([small]).click(225, 225).key('ArrowLeft').key('2').key('ArrowLeft');
    t.undo()
      .expectGeometries(bbox(199, 200, 50, 50))
      .undo()
      .undo()
      .expectGeometries(bbox(200, 200, 50, 50));
  });

  test('steps through shapes and around the end', () => {
    new TestEditor([large, small])
      .key(']')
      .expectSelection('a1')
      .key(']')
      .expectSelection('a2')
      .key(']')
      .expectSelection('a1')
      .key('[')
      .expectSelection('a2');
  });
});
