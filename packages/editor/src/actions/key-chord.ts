import type { Modifiers } from '../input-event.js';

/** A parsed chord. `key` is lower case for single characters, else as in `KeyboardEvent.key`. */
export interface KeyChord extends Modifiers {
  readonly key: string;
}

const MODIFIERS: Readonly<Record<string, keyof Modifiers>> = { Shift: 'shift', Alt: 'alt', Mod: 'mod' };

/** Reads `Mod+Shift+z`. `Mod` is Ctrl or Cmd. The plus key is written `Plus`. Throws on an unknown modifier. */
export function parseChord(text: string): KeyChord {
  const parts = text.split('+');
  const key = parts.pop() ?? '';
  const held = { shift: false, alt: false, mod: false };
  for (const part of parts) {
    const name = MODIFIERS[part];
    if (!name || !key) throw new RangeError(`Key chord "${text}": use Mod, Shift, Alt and one key, joined by "+".`);
    held[name] = true;
  }
  return { ...held, key: key === 'Plus' ? '+' : key === 'Space' ? ' ' : fold(key) };
}

/** One spelling per chord, for look-up and conflict check. */
export function chordId({ key, shift, alt, mod }: KeyChord): string {
  return `${mod ? 'Mod+' : ''}${alt ? 'Alt+' : ''}${shift ? 'Shift+' : ''}${key}`;
}

/**
 * The chords a key press may stand for, best first. The typed character wins, so AZERTY and Dvorak work; where an input
 * method, Alt or Shift turned it into another character, the physical key answers for letters and digits.
 */
export function pressedChords(press: Modifiers & { readonly key: string; readonly code: string }): string[] {
  const { shift, alt, mod } = press;
  const physical = /^(?:Key([A-Z])|(?:Digit|Numpad)([0-9]))$/.exec(press.code);
  const byCode = (physical?.[1] ?? physical?.[2])?.toLowerCase();
  const typed = fold(press.key);
  const latin = /^[a-z]$/.test(typed);
  const ids = [chordId({ key: typed, shift, alt, mod })];
  // "?" and "+" carry their Shift in the character.
  if (shift && typed.length === 1 && !latin) ids.push(chordId({ key: typed, shift: false, alt, mod }));
  if (byCode && !latin && byCode !== typed) ids.push(chordId({ key: byCode, shift, alt, mod }));
  return ids;
}

function fold(key: string): string {
  return key.length === 1 ? key.toLowerCase() : key;
}
