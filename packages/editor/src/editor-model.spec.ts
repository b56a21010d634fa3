import fc from 'fast-check';
import type { StoredShape, Shape } from './records/shape.js';
import { storedBox, storedPolygon, TEST_IMAGE, TestEditor } from './testing/index.js';

const box = (x: number) => ({ type: 'bbox', bbox: [x, 10, 100, 50] }) as const;
const saved = (annotation_id: number, version = 1) => ({ annotation_id, version, state: 'draft' }) as const;
const row = ({ id: _, ...shape }: Shape): StoredShape => shape as StoredShape;

function drawn(): TestEditor {
  return new TestEditor().tool('draw_bbox').drag([10, 10], [110, 60]);
}

describe('saving', () => {
  test('a new shape has no server id; the answer gives it one without a new undo step', () => {
    const t = drawn().expectUnsaved(1, 0, 0);
    const sent = t.shapeAt(0);
    expect(sent).toMatchObject({ annotation_id: null, version: 0, state: 'draft', source: 'manual' });
    t.editor.markSaved(1, [{ sent, saved: saved(77) }]);
    t.expectUnsaved(0, 0, 0).expectShapes([{ id: sent.id, annotation_id: 77, version: 1 }]);
    expect(t.lastDiff.source).toBe('remote');
    t.undo().expectShapes([]);
    expect(t.editor.getSnapshot().can_undo).toBe(false);
  });

  test('undoing a creation that was saved is a deletion of that annotation', () => {
    const t = drawn();
    const sent = t.shapeAt(0);
    t.editor.markSaved(1, [{ sent, saved: saved(77, 3) }]);
    t.undo();
    expect(t.lastDiff).toMatchObject({
      source: 'undo',
      diff: { removed: { [sent.id]: { annotation_id: 77, version: 3 } } },
    });
    expect(t.editor.unsaved().removed).toMatchObject([{ annotation_id: 77, version: 3 }]);
  });

  test('redoing it after the deletion was saved is a creation; before that it is nothing', () => {
    const t = drawn();
    const sent = t.shapeAt(0);
    t.editor.markSaved(1, [{ sent, saved: saved(77) }]);
    t.undo().expectUnsaved(0, 0, 1).redo().expectUnsaved(0, 0, 0).undo();
    t.editor.markSaved(1, [{ sent, saved: null }]);
    t.expectUnsaved(0, 0, 0).redo().expectUnsaved(1, 0, 0);
    t.expectShapes([{ id: sent.id, annotation_id: null, version: 0 }]);
  });

  test('a deletion answered after it was undone leaves a shape to create', () => {
    const stored = storedBox(5, [10, 10, 20, 20]);
    const t = new TestEditor([stored]);
    t.editor.select([stored.id]);
    t.key('Delete').undo().expectUnsaved(0, 0, 0);
    t.editor.markSaved(1, [{ sent: stored, saved: null }]);
    t.expectUnsaved(1, 0, 0).expectShapes([{ annotation_id: null, state: 'draft', geometry: stored.geometry }]);
  });

  test('undoing a deletion that was saved is a creation', () => {
    const stored = storedBox(5, [10, 10, 20, 20]);
    const t = new TestEditor([stored]);
    t.editor.select([stored.id]);
    t.key('Delete');
    t.editor.markSaved(1, [{ sent: stored, saved: null }]);
    t.undo();
    expect(t.lastDiff).toMatchObject({ source: 'undo', diff: { added: { [stored.id]: { annotation_id: null } } } });
  });

  test('edits made while a save was under way stay, on the new version', () => {
    const t = drawn();
    const sent = t.shapeAt(0);
    t.tool('select').drag([50, 30], [150, 30]);
    t.editor.markSaved(1, [{ sent, saved: saved(77) }]);
    t.expectShapes([{ annotation_id: 77, version: 1, geometry: box(110) }]).expectUnsaved(0, 1, 0);
  });

  test('what the server clipped comes back when nothing was edited meanwhile', () => {
    const t = drawn();
    t.editor.markSaved(1, [{ sent: t.shapeAt(0), saved: { ...saved(77), geometry: box(12) } }]);
    t.expectShapes([{ geometry: box(12) }]).expectUnsaved(0, 0, 0);
  });

  test('an edit makes a confirmed shape a draft; taking it back makes it confirmed again', () => {
    const t = new TestEditor([storedBox(5, [10, 10, 100, 50])]);
    t.drag([50, 30], [150, 30])
      .expectShapes([{ state: 'draft', geometry: box(110) }])
      .expectUnsaved(0, 1, 0);
    t.undo()
      .expectShapes([{ state: 'confirmed' }])
      .expectUnsaved(0, 0, 0);
  });

  test('an answer about an image that was left keeps its history usable', () => {
    const t = drawn();
    const sent = t.shapeAt(0);
    t.editor.load({ id: 2, width: 100, height: 100 }, []);
    t.editor.markSaved(1, [{ sent, saved: saved(77) }]);
    t.expectShapes([]);
    t.editor.load(TEST_IMAGE, [storedBox(77, [10, 10, 100, 50])]);
    t.expectShapes([{ id: sent.id, annotation_id: 77 }])
      .undo()
      .expectShapes([])
      .expectUnsaved(0, 0, 1);
  });

  test('journaled edits are applied on loading and cannot be undone', () => {
    const t = new TestEditor();
    const stored = [storedBox(1, [0, 0, 10, 10]), storedBox(2, [20, 0, 10, 10])];
    t.editor.load(TEST_IMAGE, stored, { update: [['a1', { class_id: 2 }]], remove: ['a2', 'a404'] });
    t.expectShapes([{ id: 'a1', class_id: 2, state: 'draft' }]).expectUnsaved(0, 1, 1);
    expect(t.editor.getSnapshot().can_undo).toBe(false);
  });

  test('any interleaving of edits, undo, redo and answers ends with nothing unsaved once all is answered', () => {
    const step = fc.constantFrom('draw', 'move', 'delete', 'undo', 'redo', 'save', 'answer');
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const t = new TestEditor();
        const server = new Map<number, StoredShape>();
        let next = 1;
        const flights: (() => void)[] = [];
        const send = () => {
          const { created, updated, removed } = t.editor.unsaved();
          const results = [
            ...created.map((sent) => ({ sent, saved: { ...row(sent), annotation_id: next++, version: 1 } })),
            ...updated.map(([, sent]) => ({ sent, saved: { ...row(sent), version: sent.version + 1 } })),
            ...removed.map((sent) => ({ sent, saved: null })),
          ];
          for (const { sent, saved } of results) {
            if (saved) server.set(saved.annotation_id, saved);
            else server.delete(sent.annotation_id as number);
          }
          flights.push(() => t.editor.markSaved(1, results));
        };
        for (const [i, name] of steps.entries()) {
          const any = t.editor.shapes[i % Math.max(t.editor.shapes.length, 1)];
          if (name === 'draw')
            t.tool('draw_bbox')
              .drag([i * 9, 10], [i * 9 + 50, 60])
              .tool('select');
          if (name === 'move' && any) t.editor.edit({ update: [[any.id, { geometry: box(i) }]] });
          if (name === 'delete' && any) t.editor.edit({ remove: [any.id] });
          if (name === 'undo') t.undo();
          if (name === 'redo') t.redo();
          if (name === 'save' && flights.length === 0) send();
          if (name === 'answer') flights.pop()?.();
        }
        flights.pop()?.();
        send();
        flights.pop()?.();
        t.expectUnsaved(0, 0, 0);
        const held = t.editor.shapes.map((shape) => [shape.annotation_id, shape.version, shape.geometry]);
        const kept = [...server.values()].map((shape) => [shape.annotation_id, shape.version, shape.geometry]);
        expect(new Set(held.map((one) => JSON.stringify(one)))).toEqual(
          new Set(kept.map((one) => JSON.stringify(one))),
        );
      }),
      { numRuns: 200 },
    );
  });
});

describe('changes of others', () => {
  const stored = storedBox(5, [10, 10, 100, 50]);
  const theirs = row({ ...stored, version: 2, geometry: box(300) });

  test('come in without a step to undo', () => {
    const t = new TestEditor([stored]);
    expect(t.editor.applyRemote(1, { rows: [theirs, row(storedBox(6, [0, 0, 5, 5]))] })).toEqual([]);
    t.expectShapes([{ version: 2, geometry: box(300) }, { id: 'a6' }]).expectUnsaved(0, 0, 0);
    expect(t.editor.getSnapshot().can_undo).toBe(false);
    expect(t.editor.applyRemote(1, { removed_annotation_ids: [5, 404] })).toEqual([]);
    t.expectShapes([{ id: 'a6' }]);
  });

  test('late and repeated rows are ignored, so are rows of another image', () => {
    const t = new TestEditor([{ ...stored, version: 3 }]);
    t.editor.applyRemote(1, { rows: [theirs] });
    t.editor.applyRemote(2, { rows: [row({ ...stored, version: 9 })] });
    t.expectShapes([{ version: 3, geometry: stored.geometry }]);
  });

  test('meeting an unsaved edit: mine stays on their version, or theirs replaces it', () => {
    for (const prefer of ['mine', 'theirs'] as const) {
      const t = new TestEditor([stored]).drag([50, 30], [60, 30]);
      expect(t.editor.applyRemote(1, { rows: [theirs], prefer })).toEqual(prefer === 'mine' ? ['a5'] : []);
      t.expectShapes([{ version: 2, geometry: box(prefer === 'mine' ? 20 : 300) }]);
      t.expectUnsaved(0, prefer === 'mine' ? 1 : 0, 0);
    }
  });

  test('their deletion of a shape I edited leaves mine to be created, unless theirs is preferred', () => {
    const mine = new TestEditor([stored]).drag([50, 30], [60, 30]);
    expect(mine.editor.applyRemote(1, { removed_annotation_ids: [5] })).toEqual(['a5']);
    mine.expectUnsaved(1, 0, 0);
    const theirs = new TestEditor([stored]).drag([50, 30], [60, 30]);
    theirs.editor.applyRemote(1, { removed_annotation_ids: [5], prefer: 'theirs' });
    theirs.expectShapes([]).expectUnsaved(0, 0, 0);
  });

  test('undo passes over steps whose shapes are gone, and changes only the fields of its step', () => {
    const t = new TestEditor([stored, storedBox(6, [300, 300, 50, 50])]);
    t.drag([320, 320], [330, 320]).drag([50, 30], [60, 30]);
    t.editor.applyRemote(1, { removed_annotation_ids: [5], prefer: 'theirs' });
    t.editor.applyRemote(1, {
      rows: [row(storedBox(6, [310, 300, 50, 50], { version: 2, class_id: 3 }))],
      prefer: 'theirs',
    });
    t.undo().expectShapes([{ id: 'a6', class_id: 3, geometry: { type: 'bbox', bbox: [300, 300, 50, 50] } }]);
  });

  test('a shape removed in the middle of its drag is gone, and the drag does nothing', () => {
    const t = new TestEditor([stored]).pointerMove(50, 30).pointerDown(50, 30).pointerMove(80, 30);
    t.editor.applyRemote(1, { removed_annotation_ids: [5] });
    t.pointerUp(90, 30).expectState('select.idle').expectShapes([]).expectSelection();
    expect(t.editor.getSnapshot().can_undo).toBe(false);
  });
});

describe('history of images', () => {
  test('each image has its own, and it is there again on return', () => {
    const t = new TestEditor([storedBox(5, [10, 10, 100, 50])]).drag([50, 30], [60, 30]);
    t.editor.load({ id: 2, width: 100, height: 100 }, []);
    t.undo().expectShapes([]);
    t.editor.load(TEST_IMAGE, [storedBox(5, [20, 10, 100, 50], { version: 2 })]);
    t.undo()
      .expectShapes([{ geometry: box(10), version: 2 }])
      .expectUnsaved(0, 1, 0);
  });

  test('undoing a deletion puts the shape back to its old place in the order', () => {
    const t = new TestEditor([1, 2, 3].map((n) => storedBox(n, [n * 100, 0, 50, 50])));
    t.editor.select(['a2']);
    t.key('Delete').expectShapes([{ id: 'a1' }, { id: 'a3' }]);
    t.undo().expectShapes([{ id: 'a1' }, { id: 'a2' }, { id: 'a3' }]);
  });

  test('a transaction is one step, and none at all when it fails', () => {
    const t = new TestEditor([storedBox(1, [0, 0, 50, 50])]);
    t.editor.transact(() => {
      t.editor.edit({ update: [['a1', { class_id: 2 }]] });
      t.editor.edit({ update: [['a1', { attributes: { occluded: true } }]] });
    });
    expect(() =>
      t.editor.transact(() => {
        t.editor.edit({ remove: ['a1'] });
        throw new Error('no');
      }),
    ).toThrow('no');
    t.expectShapes([{ class_id: 2, attributes: { occluded: true } }]);
    t.undo()
      .expectShapes([{ class_id: 1, attributes: {} }])
      .expectUnsaved(0, 0, 0);
  });
});

describe('loading', () => {
  test('10,000 shapes are indexed and can be picked', () => {
    const shapes = Array.from({ length: 10_000 }, (_, i) => {
      const [x, y] = [(i % 100) * 10, Math.floor(i / 100) * 8];
      return storedPolygon(i + 1, [
        [x, y],
        [x + 8, y],
        [x + 8, y + 6],
        [x, y + 6],
      ]);
    });
    const t = new TestEditor(shapes);
    expect(t.editor.shapes).toHaveLength(10_000);
    expect(t.editor.model.index.size).toBe(10_000);
    t.click(504, 403).expectSelection('a5051');
    t.key('Mod+a').key('Delete').expectShapes([]).expectUnsaved(0, 0, 10_000);
    t.undo().expectUnsaved(0, 0, 0);
    expect(t.editor.shapes.map(({ id }) => id)).toEqual(shapes.map(({ id }) => id));
  });

  test('the same annotation twice is one shape, and one without a place is kept', () => {
    const t = new TestEditor([storedBox(1, [0, 0, 9, 9]), storedBox(1, [5, 5, 9, 9])]);
    t.expectShapes([{ geometry: { type: 'bbox', bbox: [0, 0, 9, 9] } }]);
    t.editor.load(TEST_IMAGE, [storedBox(2, [Number.NaN, 0, 9, 9])]);
    t.expectShapes([{ id: 'a2' }]);
    expect(t.editor.issues('a2').map(({ code }) => code)).toContain('not_a_number');
  });

  test('closing an image leaves nothing behind', () => {
    const t = drawn();
    t.editor.unload();
    t.expectShapes([]).expectState('draw_bbox.idle').click(50, 50).expectState('draw_bbox.idle');
    expect(t.editor.getSnapshot()).toMatchObject({ image: null, can_undo: false, has_unsaved: false });
  });
});

test('snapshot fields keep their reference until they change', () => {
  const t = new TestEditor([storedBox(1, [0, 0, 50, 50])]);
  const before = t.editor.getSnapshot();
  expect(t.editor.getSnapshot()).toBe(before);
  t.pointerMove(500, 500);
  const after = t.editor.getSnapshot();
  expect(after).not.toBe(before);
  expect([after.shapes, after.selection, after.draft, after.camera]).toEqual([
    before.shapes,
    before.selection,
    before.draft,
    before.camera,
  ]);
  expect(after.shapes).toBe(before.shapes);
  expect(after.selection).toBe(before.selection);
  expect(after.draft).toBe(before.draft);
});

test('listeners hear of a gesture step once', () => {
  const t = new TestEditor([storedBox(1, [0, 0, 50, 50])]);
  let calls = 0;
  const stop = t.editor.subscribe(() => calls++);
  t.pointerMove(20, 20);
  expect(calls).toBe(1);
  stop();
  t.pointerMove(30, 20);
  expect(calls).toBe(1);
});
