import type { Modifiers } from '../input-event.js';

/** Ctrl and Cmd count alike, so that one key map serves every platform. */
export function modifiersOf(event: MouseEvent | KeyboardEvent): Modifiers {
  return { shift: event.shiftKey, alt: event.altKey, mod: event.ctrlKey || event.metaKey };
}
