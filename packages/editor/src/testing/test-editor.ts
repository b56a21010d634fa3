import { deepStrictEqual, fail, ok, strictEqual } from 'node:assert/strict';
import type { Geometry } from '@labelyard/domain';
import { screenPoint } from '../camera/points.js';
import { parseChord } from '../actions/key-chord.js';
import { createEditor } from '../create-editor.js';
import type { Editor } from '../editor.js';
import type { InputEvent, Modifiers, PointerEventInfo, PointerKind } from '../input-event.js';
import type { DiffEvent } from '../records/diff.js';
import type { Shape } from '../records/shape.js';
import type { EditorImage, NoticeCode } from '../session.js';
import type { StatePath } from '../tools/state-infos.js';
import type { ToolId } from '../tools/tool-table.js';

type PointerOptions = Partial<Modifiers> & { readonly button?: number; readonly pointer?: PointerKind };

/** An image of 1000 × 800, which the test viewport shows at 100 % from its corner: screen and image pixels are equal. */
export const TEST_IMAGE: EditorImage = { id: 1, width: 1000, height: 800 };

/** Script for gestures: reads like a sentence, asserts the state path and the shapes, needs no canvas and no browser. */
export class TestEditor {
  readonly editor: Editor = createEditor();
  /** Every diff told to savers so far. */
  readonly diffs: DiffEvent[] = [];
  private modifiers: Modifiers = { shift: false, alt: false, mod: false };

  constructor(shapes: readonly Shape[] = [], image: EditorImage = TEST_IMAGE) {
    this.editor.setClasses([{ id: 1 }, { id: 2 }, { id: 3 }]);
    this.editor.load(image, shapes);
    this.editor.camera.setViewport({ width: image.width, height: image.height });
    this.editor.camera.actualSize();
    this.editor.onDiff((event) => this.diffs.push(event));
  }

  tool(tool: ToolId): this {
    this.editor.setTool(tool);
    return this;
  }

  /** Holds modifiers for the events that follow; `hold()` lets go. */
  hold(modifiers: Partial<Modifiers> = {}): this {
    this.modifiers = { shift: false, alt: false, mod: false, ...modifiers };
    return this;
  }

  dispatch(event: InputEvent): this {
    this.editor.dispatch(event);
    return this;
  }

  pointerDown(x: number, y: number, options: PointerOptions = {}): this {
    return this.pointer('pointer_down', x, y, options);
  }

  pointerMove(x: number, y: number, options: PointerOptions = {}): this {
    return this.pointer('pointer_move', x, y, options);
  }

  pointerUp(x: number, y: number, options: PointerOptions = {}): this {
    return this.pointer('pointer_up', x, y, options);
  }

  pointerCancel(): this {
    return this.dispatch({ type: 'pointer_cancel' });
  }

  click(x: number, y: number, options: PointerOptions = {}): this {
    return this.pointerMove(x, y, options).pointerDown(x, y, options).pointerUp(x, y, options);
  }

  doubleClick(x: number, y: number, options: PointerOptions = {}): this {
    return this.click(x, y, options).click(x, y, options).pointer('double_click', x, y, options);
  }

  /** Press, two moves, release. */
  drag([x1, y1]: readonly [number, number], [x2, y2]: readonly [number, number], options: PointerOptions = {}): this {
    return this.pointerMove(x1, y1, options)
      .pointerDown(x1, y1, options)
      .pointerMove((x1 + x2) / 2, (y1 + y2) / 2, options)
      .pointerMove(x2, y2, options)
      .pointerUp(x2, y2, options);
  }

  /** Presses a chord as in the action list, e.g. `Mod+z`, `Shift+ArrowLeft`, as often as told. */
  key(chord: string, times = 1): this {
    const { key, ...held } = parseChord(chord);
    const code = /^[a-z]$/.test(key) ? `Key${key.toUpperCase()}` : /^[0-9]$/.test(key) ? `Digit${key}` : key;
    for (let i = 0; i < times; i++) {
      this.dispatch({ type: 'key_down', key, code, repeat: i > 0, ...held });
      this.dispatch({ type: 'key_up', key, code, repeat: false, ...held });
    }
    return this;
  }

  undo(): this {
    return this.key('Mod+z');
  }

  redo(): this {
    return this.key('Mod+Shift+z');
  }

  expectState(path: StatePath): this {
    strictEqual(this.editor.state, path, `state is ${this.editor.state}, expected ${path}`);
    return this;
  }

  /** Compares each expected shape with the one at its place, field by field; the number of shapes must match. */
  expectShapes(expected: readonly Partial<Shape>[]): this {
    const { shapes } = this.editor;
    const seen = shapes.map((shape, i) => pick(shape, Object.keys(expected[i] ?? shape) as (keyof Shape)[]));
    deepStrictEqual(seen, expected);
    return this;
  }

  expectGeometries(...expected: readonly Geometry[]): this {
    return this.expectShapes(expected.map((geometry) => ({ geometry })));
  }

  /** What the gesture in progress shows instead of the records. */
  expectMoved(expected: Readonly<Record<string, Geometry>>): this {
    deepStrictEqual(Object.fromEntries(this.editor.model.draft.state.moved), expected);
    return this;
  }

  /** Points of the unfinished shape. */
  expectDrawn(points: readonly (readonly [number, number])[] | null): this {
    deepStrictEqual(this.editor.model.draft.state.drawing?.points ?? null, points);
    return this;
  }

  expectSelection(...ids: readonly string[]): this {
    deepStrictEqual([...this.editor.selection], ids);
    return this;
  }

  expectNotice(code: NoticeCode | null, reason?: string): this {
    const { notice } = this.editor.getSnapshot();
    strictEqual(notice?.code ?? null, code);
    if (reason !== undefined) strictEqual(notice?.reason, reason);
    return this;
  }

  /** Numbers of shapes that still have to be created, updated and removed on the server. */
  expectUnsaved(created: number, updated: number, removed: number): this {
    const unsaved = this.editor.unsaved();
    deepStrictEqual(
      { created: unsaved.created.length, updated: unsaved.updated.length, removed: unsaved.removed.length },
      { created, updated, removed },
    );
    return this;
  }

  /** The last diff told to savers. */
  get lastDiff(): DiffEvent {
    return this.diffs.at(-1) ?? fail('No diff was told yet.');
  }

  /** The shape at a place of the list, from back to front; negative counts from the front. */
  shapeAt(index: number): Shape {
    const shape = this.editor.shapes.at(index);
    ok(shape, `There is no shape at ${index}: the image has ${this.editor.shapes.length}.`);
    return shape;
  }

  private pointer(type: PointerEventInfo['type'], x: number, y: number, options: PointerOptions): this {
    const { button = type === 'pointer_move' ? -1 : 0, pointer = 'mouse', ...held } = options;
    return this.dispatch({ type, point: screenPoint(x, y), button, pointer, ...this.modifiers, ...held });
  }
}

function pick(shape: Shape, fields: readonly (keyof Shape)[]): Partial<Shape> {
  return Object.fromEntries(fields.map((field) => [field, shape[field]]));
}
