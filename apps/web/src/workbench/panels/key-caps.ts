const MAC = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/u.test(navigator.userAgent);

const CAPS: Readonly<Record<string, string>> = {
  Mod: MAC ? '⌘' : 'Ctrl',
  Shift: MAC ? '⇧' : 'Shift',
  Alt: MAC ? '⌥' : 'Alt',
  Enter: '⏎',
  Escape: 'Esc',
  Delete: 'Del',
  Backspace: '⌫',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Plus: '+',
  Insert: 'Ins',
  PageUp: 'PgUp',
  PageDown: 'PgDn',
};

/** A chord such as `Mod+Shift+z` as the key caps on this machine's keyboard, separated by spaces. */
export function keyCaps(chord: string): string {
  return chord
    .split('+')
    .map((part) => CAPS[part] ?? part.toUpperCase())
    .join(' ');
}

/** Chords that differ in their last key alone, such as the four arrows with Shift, as one row of caps. */
export function familyCaps(chords: readonly string[]): string {
  const [first = '', ...rest] = chords.map(keyCaps);
  return [first, ...rest.map((caps) => caps.slice(caps.lastIndexOf(' ') + 1))].join(' ');
}
