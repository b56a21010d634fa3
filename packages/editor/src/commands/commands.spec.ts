import { stored, storedBox, storedPolygon, TestEditor } from '../testing/index.js';

const bbox = (x: number, y: number, w: number, h: number) => ({ type: 'bbox', bbox: [x, y, w, h] }) as const;
const one = storedBox(1, [100, 100, 50, 50], { attributes: { occluded: true } });

describe('read-only', () => {
  test('refuses every edit with the reason and changes nothing', () => {
    const t = new TestEditor([
      one,
      storedPolygon(2, [
        [300, 300],
        [400, 300],
        [400, 400],
      ]),
    ]);
    t.drag([120, 120], [130, 120]).click(125, 125).key('Mod+c');
    const before = t.editor.shapes;
    const edits: ((t: TestEditor) => unknown)[] = [
      (t) => t.drag([125, 125], [300, 300]),
      (t) => t.key('Delete'),
      (t) => t.key('ArrowLeft'),
      (t) => t.key('2'),
      (t) => t.key('Mod+v'),
      (t) => t.key('Mod+d'),
      (t) => t.editor.undo(),
      (t) => t.key('o'),
      (t) => t.tool('draw_bbox').drag([500, 500], [600, 600]),
      (t) => t.tool('draw_polygon').click(500, 500),
      (t) => t.tool('classify').key('1'),
      (t) => t.editor.edit({ remove: ['a1'] }),
    ];
    t.editor.setReadonly('lock_held');
    const { length } = t.diffs;
    for (const edit of edits) {
      t.tool('select').editor.select(['a1']);
      const seen = t.editor.getSnapshot().notice?.sequence ?? 0;
      edit(t);
      t.expectNotice('readonly', 'lock_held');
      expect(t.editor.getSnapshot().notice?.sequence).toBeGreaterThan(seen);
    }
    expect(t.editor.shapes).toBe(before);
    expect(t.diffs).toHaveLength(length);
    t.editor.setReadonly(null);
    t.undo().expectShapes([{ geometry: one.geometry }, {}]);
  });

  test('selecting and looking go on, grips do not show', () => {
    const t = new TestEditor([one]);
    t.editor.setReadonly('role');
    t.click(125, 125).expectSelection('a1').click(100, 100).expectSelection('a1').key('Plus').expectNotice(null);
    expect(t.editor.getSnapshot().handle_id).toBeNull();
  });

  test('the server may still change shapes', () => {
    const t = new TestEditor([one]);
    t.editor.setReadonly('lock_held');
    t.editor.applyRemote(1, { removed_annotation_ids: [1] });
    t.expectShapes([]);
  });

  test('what the server never took can be given up; what it holds stays', () => {
    const t = new TestEditor([one]).tool('draw_bbox').drag([500, 500], [600, 600]);
    t.editor.setReadonly('role');
    t.editor.applyRemote(1, { discarded_ids: ['a1', t.shapeAt(1).id] });
    t.expectShapes([{ id: 'a1' }]).expectUnsaved(0, 0, 0);
  });
});

describe('clipboard', () => {
  test('copies with class and attributes, beside the original, as unsaved shapes', () => {
    const t = new TestEditor([one]).click(125, 125).key('Mod+c').key('Mod+v');
    t.expectShapes([
      { id: 'a1' },
      { geometry: bbox(112, 112, 50, 50), class_id: 1, attributes: { occluded: true }, annotation_id: null },
    ]);
    t.expectSelection(t.shapeAt(1).id).key('Mod+v');
    expect(t.shapeAt(2).geometry).toEqual(bbox(124, 124, 50, 50));
    t.undo()
      .undo()
      .expectShapes([{ id: 'a1' }]);
  });

  test('pastes at the same place on another image, brought inside it', () => {
    const t = new TestEditor([one]).click(125, 125).key('Mod+c');
    t.editor.load({ id: 2, width: 400, height: 400 }, []);
    t.key('Mod+v').expectGeometries(one.geometry);
    t.editor.load({ id: 3, width: 120, height: 30 }, []);
    t.key('Mod+v').expectGeometries(bbox(70, 0, 50, 30));
  });

  test('many copies in the corner of the image come to an end', () => {
    const t = new TestEditor([storedBox(1, [950, 750, 50, 50])]).click(975, 775).key('Mod+c');
    for (let i = 0; i < 3; i++) t.key('Mod+v');
    expect(t.editor.shapes).toHaveLength(4);
  });

  test('duplicates without touching the clipboard; pasting nothing does nothing', () => {
    const t = new TestEditor([one])
      .key('Mod+v')
      .expectShapes([{}])
      .click(125, 125)
      .key('Mod+d')
      .expectShapes([{}, { class_id: 1 }]);
    expect(t.editor.getSnapshot().can_paste).toBe(false);
  });
});

describe('classes', () => {
  test('a number key sets the class of what is drawn next', () => {
    new TestEditor()
      .key('2')
      .tool('draw_bbox')
      .drag([10, 10], [60, 60])
      .expectShapes([{ class_id: 2 }]);
  });

  test('the shape just drawn keeps its class when the key for the next one is pressed', () => {
    const t = new TestEditor().tool('draw_bbox').drag([10, 10], [60, 60]).key('2').drag([100, 10], [160, 60]);
    t.expectShapes([{ class_id: 1 }, { class_id: 2 }]);
  });

  test('and of the selection, in one step', () => {
    const t = new TestEditor([one, storedBox(2, [300, 300, 50, 50])]).key('Mod+a').key('3');
    t.expectShapes([{ class_id: 3 }, { class_id: 3 }])
      .undo()
      .expectShapes([{ class_id: 1 }, { class_id: 1 }]);
  });

  test('a key without a class does nothing; a removed class is let go', () => {
    const t = new TestEditor().key('9');
    expect(t.editor.getSnapshot().active_class_id).toBe(1);
    t.editor.setClasses([{ id: 8 }]);
    expect(t.editor.getSnapshot().active_class_id).toBe(8);
  });
});

describe('classification', () => {
  const label = (class_id: number) =>
    ({ annotation_type: 'classification', task_type: 'classification', class_id }) as const;

  test('single: a class replaces the one before in one step, twice takes it away', () => {
    const t = new TestEditor()
      .key('c')
      .expectState('classify.idle')
      .key('1')
      .expectShapes([label(1)]);
    t.key('2')
      .expectShapes([label(2)])
      .undo()
      .expectShapes([label(1)])
      .key('1')
      .expectShapes([]);
  });

  test('multi: classes add up', () => {
    const t = new TestEditor();
    t.editor.setClassificationMode('multi');
    t.tool('classify')
      .key('1')
      .key('3')
      .expectShapes([label(1), label(3)])
      .key('1')
      .expectShapes([label(3)]);
  });

  test('labels have no place: no click, marquee or "select all" takes them', () => {
    new TestEditor()
      .tool('classify')
      .key('1')
      .click(500, 400)
      .tool('select')
      .drag([0, 0], [999, 799])
      .expectSelection()
      .key('Mod+a')
      .expectSelection();
  });

  test('"no object" is refused while there are labels, and withdrawn by one', () => {
    const t = new TestEditor()
      .tool('classify')
      .key('1')
      .key('o')
      .expectNotice('shapes_exist')
      .expectShapes([label(1)]);
    t.key('1')
      .key('o')
      .expectShapes([{ annotation_type: 'no_object', task_type: 'classification' }])
      .key('o')
      .expectShapes([]);
    t.key('o')
      .key('2')
      .expectShapes([label(2)]);
  });
});

describe('task types', () => {
  test('a tool of a task the project does not have cannot be taken up', () => {
    const t = new TestEditor().tool('draw_polygon');
    t.editor.setTaskTypes(['detection']);
    t.expectState('select.idle').key('p').expectState('select.idle').key('b').expectState('draw_bbox.idle');
    expect(t.editor.getSnapshot().active_task_type).toBe('detection');
  });
});

test('issues are those the server would find', () => {
  const t = new TestEditor([one, storedBox(2, [2000, 0, 10, 10]), storedBox(3, [0, 0, 10, 10], { class_id: null })]);
  expect(t.editor.issues('a1')).toEqual([]);
  expect(t.editor.issues('a2')).toMatchObject([{ code: 'outside_image' }]);
  expect(t.editor.issues('a3')).toMatchObject([{ code: 'no_class' }]);
});

describe('what contradicts each other on an image', () => {
  const nothing = stored(9, { type: 'no_object' }, { class_id: null, task_type: 'detection' });

  test('pasting where nothing was said to be withdraws that, in one step', () => {
    const t = new TestEditor([one]);
    t.editor.select(['a1']);
    t.key('Mod+c');
    t.editor.load({ id: 2, width: 1000, height: 800 }, [nothing]);
    t.key('Mod+v').expectShapes([{ geometry: one.geometry }]);
    t.undo().expectShapes([{ id: 'a9' }]);
  });

  test('statements about the whole image are pasted only where they say something new', () => {
    const label = stored(3, { type: 'classification' });
    const t = new TestEditor([label, nothing]);
    t.editor.select(['a3', 'a9']);
    t.key('Mod+c')
      .key('Mod+v')
      .expectShapes([{ id: 'a3' }, { id: 'a9' }])
      .expectNotice('nothing_to_paste');
    t.editor.load({ id: 2, width: 1000, height: 800 }, [one]);
    t.key('Mod+v').expectShapes([{ id: 'a1' }, { annotation_type: 'classification', class_id: 1 }]);
  });

  test('a drawing is kept when what it would replace is verified', () => {
    const t = new TestEditor([{ ...nothing, task_type: 'segmentation', state: 'verified' }]);
    t.editor.setMayEditVerified(false);
    t.tool('draw_polygon').click(100, 100).click(200, 100).click(200, 200).key('Enter');
    t.expectNotice('verified').expectState('draw_polygon.drawing').expectSelection();
  });
});

test('a class goes to the selected shapes of its own task', () => {
  const polygon = storedPolygon(2, [
    [300, 300],
    [400, 300],
    [400, 400],
  ]);
  const t = new TestEditor([one, polygon]);
  t.editor.setActiveTaskType('segmentation');
  t.key('Mod+a').key('3');
  t.expectShapes([{ class_id: 1 }, { class_id: 3 }]).expectNotice('wrong_task_type');
});
