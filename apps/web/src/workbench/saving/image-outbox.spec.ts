import type { Operation, OperationResult } from '@labelyard/contract';
import { decideBatch, ImageContents, type Annotation, type BatchOperation } from '@labelyard/domain';
import { createEditor, newShape, shapeFromAnnotation, type Editor } from '@labelyard/editor';
import { ImageOutbox } from './image-outbox';
import { storedAnnotation } from './stored-annotation';

const IMAGE = { id: 5, width: 100, height: 100 };
const box = (x: number) => ({ type: 'bbox' as const, bbox: [x, 1, 5, 5] as const });

/** An editor on an image with these rows, whose edits go to an outbox. */
function open(...rows: readonly Annotation[]): { editor: Editor; outbox: ImageOutbox } {
  const editor = createEditor();
  const outbox = new ImageOutbox(IMAGE.id);
  editor.setTaskTypes(['detection']);
  editor.setClasses([{ id: 1 }]);
  editor.load(IMAGE, rows.map(shapeFromAnnotation));
  editor.onDiff((event) => void outbox.record(event));
  return { editor, outbox };
}

let ids = 0;
const send = (outbox: ImageOutbox) =>
  outbox.batch(() => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`).operations.map((o) => o.operation);
const answer = (operations: readonly Operation[], fields: Omit<OperationResult, 'op_id'>): OperationResult[] =>
  operations.map(({ op_id }) => ({ op_id, ...fields }));
const first = (editor: Editor) => editor.shapes[0]?.id ?? '';
const move = (editor: Editor, x: number) => editor.edit({ update: [[first(editor), { geometry: box(x) }]] });

/** What the rules of the server say of operations on an image that holds `rows`. */
function verdicts(operations: readonly Operation[], ...rows: readonly Annotation[]): string[] {
  const context = {
    rules: {
      image: IMAGE,
      task_types: ['detection' as const],
      classes: new Map([[1, { task_type: 'detection' as const, keypoints: [] }]]),
    },
    contents: new ImageContents(rows),
    targets: new Map(rows.map((one) => [one.id, one])),
    applied: new Set<string>(),
  };
  return decideBatch(operations as BatchOperation[], context, { may_edit_verified: true }).map((one) => one.verdict);
}

describe('what excludes each other goes out in an order the server takes', () => {
  const nothing = storedAnnotation({ annotation_type: 'no_object', class_id: null, geometry: { type: 'no_object' } });

  test('a shape drawn where nothing was said to be', () => {
    const { editor, outbox } = open(nothing);
    editor.edit({
      create: [newShape({ task_type: 'detection', class_id: 1, geometry: box(20) })],
      remove: [first(editor)],
    });
    expect(verdicts(send(outbox), nothing)).toEqual(['apply', 'apply']);
    // The request was lost on its way.
    expect(verdicts(send(outbox), nothing)).toEqual(['apply', 'apply']);
  });

  test('"no object" brought back by undo', () => {
    const { editor, outbox } = open(nothing);
    editor.edit({
      create: [newShape({ task_type: 'detection', class_id: 1, geometry: box(20) })],
      remove: [first(editor)],
    });
    const operations = send(outbox);
    const stored = storedAnnotation({ id: 10, geometry: box(20) });
    const settled = outbox.settle(
      operations.map(({ op, op_id }) => ({ op_id, status: 'applied', annotation: op === 'create' ? stored : null })),
    );
    editor.markSaved(IMAGE.id, settled.saved);
    editor.undo();
    expect(verdicts(send(outbox), stored)).toEqual(['apply', 'apply']);
  });
});

describe('an edit that met somebody else’s and is undone', () => {
  test('stays to be decided: the screen does not show what the server holds', () => {
    const { editor, outbox } = open(storedAnnotation());
    move(editor, 20);
    outbox.settle(
      answer(send(outbox), { status: 'conflict', annotation: storedAnnotation({ geometry: box(30), version: 2 }) }),
    );
    editor.undo();
    expect(outbox.problems).toHaveLength(1);
    expect(outbox.resolve(first(editor), 'theirs')?.theirs).toMatchObject({ geometry: box(30), version: 2 });
    expect(outbox.size).toBe(0);
  });

  test('of a label that is gone: it does not count as saved', () => {
    const { editor, outbox } = open(storedAnnotation());
    move(editor, 20);
    outbox.settle(answer(send(outbox), { status: 'not_found', annotation: null }));
    editor.undo();
    expect(outbox.problems).toHaveLength(1);
    outbox.resolve(first(editor), 'mine');
    expect(send(outbox)).toMatchObject([{ op: 'create', geometry: box(10) }]);
  });

  test('both deleted it: nobody is asked', () => {
    const { editor, outbox } = open(storedAnnotation());
    move(editor, 20);
    outbox.settle(answer(send(outbox), { status: 'not_found', annotation: null }));
    editor.edit({ remove: [first(editor)] });
    expect(outbox.size).toBe(0);
  });
});

describe('only the version is another', () => {
  const confirmed = storedAnnotation({ state: 'confirmed', version: 2 });

  test('an edit made while the image was being confirmed goes out again on the confirmed version', () => {
    const { editor, outbox } = open(storedAnnotation());
    move(editor, 20);
    const { saved } = outbox.settle(answer(send(outbox), { status: 'conflict', annotation: confirmed }));
    expect(outbox.problems).toEqual([]);
    expect(saved).toEqual([]);
    expect(send(outbox)).toMatchObject([{ op: 'update', annotation_id: 9, version: 2, geometry: box(20) }]);
  });

  test('so does a deletion', () => {
    const { editor, outbox } = open(storedAnnotation());
    editor.edit({ remove: [first(editor)] });
    outbox.settle(answer(send(outbox), { status: 'conflict', annotation: confirmed }));
    expect(send(outbox)).toMatchObject([{ op: 'delete', annotation_id: 9, version: 2 }]);
  });

  test('a reviewer’s verdict is not overridden unasked', () => {
    const { editor, outbox } = open(storedAnnotation({ state: 'confirmed' }));
    move(editor, 20);
    outbox.settle(
      answer(send(outbox), { status: 'conflict', annotation: storedAnnotation({ state: 'verified', version: 2 }) }),
    );
    expect(outbox.problems).toHaveLength(1);
  });
});
