import type { Editor } from '../editor.js';
import { KeyboardInput } from './keyboard-input.js';
import { PointerInput } from './pointer-input.js';
import { WheelInput } from './wheel-input.js';

/**
 * Feeds the editor from an element (the topmost canvas or a box around the canvases, best with `tabindex="0"`) and the keys
 * of its window. Returns how to detach. The element gets `touch-action: none`, else the browser would scroll while drawing.
 */
export function attachInput(element: HTMLElement, editor: Editor): () => void {
  const attached = new AbortController();
  const touchAction = element.style.touchAction;
  element.style.touchAction = 'none';
  for (const Input of [PointerInput, WheelInput, KeyboardInput]) new Input(element, editor).attach(attached.signal);
  return () => {
    attached.abort();
    element.style.touchAction = touchAction;
    editor.dispatch({ type: 'pointer_cancel' });
  };
}
