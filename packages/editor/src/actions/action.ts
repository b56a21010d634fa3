/** Where an action is listed in menus and on the keyboard sheet. */
export type ActionGroup = 'tools' | 'edit' | 'selection' | 'view' | 'class' | 'navigation' | 'help';

/**
 * One thing a person can do. Toolbar, command palette, menu, keyboard sheet and key dispatch read the same list.
 * `Host` is the editor; the generic keeps this file free of it.
 */
export interface Action<Host> {
  /** `snake_case`, unique. */
  readonly id: string;
  readonly group: ActionGroup;
  /** Message key of its name, e.g. `actions.undo`. */
  readonly label_key: string;
  /** Chords such as `Mod+Shift+z`, `Delete`, `b`. The first is shown. */
  readonly keys: readonly string[];
  /** Whether holding the key repeats it, always or only now. */
  readonly repeats?: boolean | ((host: Host) => boolean);
  enabled(host: Host): boolean;
  /** For toggles and tools: whether it is on. */
  checked?(host: Host): boolean;
  run(host: Host): void;
}
