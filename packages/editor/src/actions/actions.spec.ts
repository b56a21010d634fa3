import { DomainError } from '@labelyard/domain';
import type { EditorAction } from '../editor.js';
import { storedBox, TestEditor } from '../testing/index.js';
import { chordId, parseChord, pressedChords } from './key-chord.js';
import { keyConflicts } from './registry.js';

const action = (id: string, keys: readonly string[], run: () => void = () => {}): EditorAction => ({
  id,
  group: 'navigation',
  label_key: `actions.${id}`,
  keys,
  enabled: () => true,
  run,
});

describe('key chords', () => {
  const press = (key: string, code: string, held: Partial<{ shift: boolean; alt: boolean; mod: boolean }> = {}) =>
    pressedChords({ key, code, shift: false, alt: false, mod: false, ...held });

  test('are read and spelled one way', () => {
    expect(parseChord('Shift+Mod+z')).toEqual({ key: 'z', shift: true, alt: false, mod: true });
    expect(chordId(parseChord('Shift+Mod+Z'))).toBe('Mod+Shift+z');
    expect(parseChord('Plus').key).toBe('+');
    expect(parseChord('Space').key).toBe(' ');
    expect(() => parseChord('Hyper+z')).toThrow('Hyper+z');
    expect(() => parseChord('Mod+')).toThrow('Mod+');
  });

  test('the typed letter wins; the physical key helps where an input method hides it', () => {
    expect(press('v', 'KeyV')).toEqual(['v']);
    expect(press('ㅍ', 'KeyV')).toContain('v');
    expect(press('Process', 'KeyV', { mod: true })).toContain('Mod+v');
    expect(press('a', 'KeyQ')).toEqual(['a']);
    expect(press('V', 'KeyV')).toEqual(['v']);
    expect(press('&', 'Digit1')).toContain('1');
    expect(press('1', 'Numpad1')).toEqual(['1']);
  });

  test('characters that need Shift are found with and without it', () => {
    expect(press('?', 'Slash', { shift: true })).toEqual(['Shift+?', '?']);
    expect(press('+', 'Equal', { shift: true })).toContain('+');
    expect(press('Z', 'KeyZ', { shift: true, mod: true })).toEqual(['Mod+Shift+z']);
    expect(press('Ω', 'KeyZ', { alt: true })).toContain('Alt+z');
  });
});

describe('the list', () => {
  test('has no id and no chord twice, and every chord can be read', () => {
    const { list } = new TestEditor().editor.actions;
    expect(keyConflicts(list)).toEqual([]);
    expect(new Set(list.map(({ id }) => id)).size).toBe(list.length);
    for (const { id, keys, label_key } of list) {
      expect(label_key).toBe(`actions.${id}`);
      expect(keys.length).toBeGreaterThan(0);
    }
  });

  test('a conflict is found whatever the spelling', () => {
    expect(keyConflicts([action('one', ['Mod+Shift+z']), action('two', ['Shift+Mod+Z', 'q'])])).toEqual([
      { chord: 'Mod+Shift+z', ids: ['one', 'two'] },
    ]);
  });

  test('hosts add actions and take them away; what is taken is refused and nothing changes', () => {
    const { editor } = new TestEditor();
    const before = editor.actions.list;
    expect(() => editor.registerActions([action('mine', ['v'])])).toThrow(DomainError);
    expect(() => editor.registerActions([action('undo', ['q'])])).toThrow(DomainError);
    expect(editor.actions.list).toBe(before);
    const remove = editor.registerActions([action('mine', ['q'])]);
    expect(editor.actions.find('mine')).not.toBeNull();
    remove();
    expect(editor.actions.list).toEqual(before);
    editor.registerActions([action('mine', ['q'])]);
  });

  test('a key runs its action once per press unless it repeats, and says whether it was used', () => {
    const t = new TestEditor();
    let runs = 0;
    t.editor.registerActions([action('help', ['?'], () => runs++)]);
    const key = { type: 'key_down', key: '?', code: 'Slash', shift: true, alt: false, mod: false } as const;
    expect(t.editor.dispatch({ ...key, repeat: false })).toBe(true);
    expect(t.editor.dispatch({ ...key, repeat: true })).toBe(true);
    expect(runs).toBe(1);
    expect(t.editor.dispatch({ ...key, key: 'F5', code: 'F5', repeat: false })).toBe(false);
    expect(t.editor.dispatch({ ...key, key: 'Delete', code: 'Delete', shift: false, repeat: false })).toBe(false);
    expect(t.editor.dispatch({ ...key, key: 'd', code: 'KeyD', shift: false, mod: true, repeat: false })).toBe(true);
  });

  test('run by id obeys enabled', () => {
    const t = new TestEditor();
    expect(t.editor.actions.run('undo')).toBe(false);
    expect(t.editor.actions.run('nothing_like_this')).toBe(false);
    expect(t.editor.actions.run('tool_draw_bbox')).toBe(true);
    expect(t.editor.actions.find('tool_draw_bbox')?.checked?.(t.editor)).toBe(true);
  });
});

describe('view', () => {
  test('zoom in, out, fit and 100 %', () => {
    const t = new TestEditor([], { id: 1, width: 4000, height: 3000 });
    t.editor.camera.setViewport({ width: 800, height: 600 });
    const fit = t.key('f').editor.getSnapshot().camera;
    expect(t.key('Plus').editor.getSnapshot().camera.zoom).toBeCloseTo(fit.zoom * 1.25);
    expect(t.key('-').editor.getSnapshot().camera.zoom).toBeCloseTo(fit.zoom);
    expect(t.key('z').editor.getSnapshot().camera.zoom).toBe(1);
    expect(t.key('f').editor.getSnapshot().camera).toEqual(fit);
  });

  test('the hand tool, Space and the middle button pan', () => {
    const t = new TestEditor([storedBox(1, [100, 100, 50, 50])]);
    t.editor.camera.zoomBy(4);
    const at = () => t.editor.getSnapshot().camera.x;
    const start = at();
    t.key('h').expectState('pan.idle').pointerDown(500, 500).expectState('pan.dragging').pointerMove(480, 500);
    expect(at()).toBeCloseTo(start - 20);
    t.pointerUp(480, 500).expectState('pan.idle').key('v');
    const space = { key: ' ', code: 'Space', repeat: false, shift: false, alt: false, mod: false } as const;
    t.dispatch({ type: 'key_down', ...space })
      .pointerDown(500, 500)
      .pointerMove(510, 500)
      .pointerUp(510, 500);
    expect(t.editor.getSnapshot().css_cursor).toBe('grab');
    t.dispatch({ type: 'key_up', ...space })
      .expectState('select.idle')
      .expectSelection();
    expect(at()).toBeCloseTo(start - 10);
    t.pointerDown(500, 500, { button: 1 }).pointerMove(510, 500).pointerUp(510, 500, { button: 1 });
    expect(at()).toBeCloseTo(start);
  });

  test('shapes and names can be switched off', () => {
    const t = new TestEditor().key('s').key('l');
    expect(t.editor.getSnapshot().view).toMatchObject({ show_shapes: false, show_names: false });
  });
});
