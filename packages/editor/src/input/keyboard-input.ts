import type { Editor } from '../editor.js';
import type { KeyEventInfo } from '../input-event.js';
import { modifiersOf } from './modifiers.js';

/** Places where keys are typing, or belong to a widget that handles all keys itself. */
const TYPING =
  'input, textarea, select, [contenteditable]:not([contenteditable="false"]), [role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"], [role="combobox"], [data-editor-keys="off"]';
/** Controls that use some keys: those stay theirs while they have the focus. */
const CONTROLS =
  'button, a[href], summary, [role="button"], [role="tab"], [role="radio"], [role="slider"], [role="option"]';
const CONTROL_KEYS: ReadonlySet<string> = new Set(['Enter', ' ', 'ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown']);

/** Keys of the whole window, except while somebody types or a control needs the key. */
export class KeyboardInput {
  constructor(
    private readonly element: HTMLElement,
    private readonly editor: Editor,
  ) {}

  attach(signal: AbortSignal): void {
    const window = this.element.ownerDocument.defaultView;
    window?.addEventListener('keydown', (event) => this.key('key_down', event), { signal });
    window?.addEventListener('keyup', (event) => this.key('key_up', event), { signal });
    window?.addEventListener('blur', () => this.editor.dispatch({ type: 'blur' }), { signal });
  }

  private key(type: KeyEventInfo['type'], event: KeyboardEvent): void {
    // A released Space must always arrive, or the hand tool would stay.
    if (type === 'key_down' && (event.defaultPrevented || event.isComposing || this.belongsElsewhere(event))) return;
    const { key, code, repeat } = event;
    const used = this.editor.dispatch({ type, key, code, repeat, ...modifiersOf(event) });
    if (used && type === 'key_down') event.preventDefault();
  }

  private belongsElsewhere(event: KeyboardEvent): boolean {
    const target = event.target as Partial<Element> | null;
    if (typeof target?.closest !== 'function') return false;
    if (target.closest(TYPING)) return true;
    if (CONTROL_KEYS.has(event.key) && target !== this.element && target.closest(CONTROLS)) return true;
    return this.copiesText(event);
  }

  /** Text somebody marked on the page is copied as text. */
  private copiesText(event: KeyboardEvent): boolean {
    const { mod } = modifiersOf(event);
    const marked = this.element.ownerDocument.defaultView?.getSelection()?.toString() ?? '';
    return mod && event.code === 'KeyC' && marked !== '';
  }
}
