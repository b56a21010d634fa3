import type { EditorAction } from '@labelyard/editor';

export interface HostCommands {
  readonly step: (by: 1 | -1) => void;
  readonly confirmAndNext: () => void;
  readonly help: () => void;
  readonly findClass: () => void;
  readonly palette: () => void;
  /** Null for those who may not. */
  readonly deleteImage: (() => void) | null;
}

/** What the page adds to the editor's actions: moving through images, confirming, help. */
export function hostActions({
  step,
  confirmAndNext,
  help,
  findClass,
  palette,
  deleteImage,
}: HostCommands): readonly EditorAction[] {
  const hasImage: EditorAction['enabled'] = (editor) => editor.image !== null;
  const always = () => true;
  return [
    {
      id: 'confirm_next',
      group: 'navigation',
      label_key: 'actions.confirm_next',
      keys: ['e', 'Mod+Enter'],
      enabled: hasImage,
      run: confirmAndNext,
    },
    {
      id: 'next_image',
      group: 'navigation',
      label_key: 'actions.next_image',
      keys: ['d', 'PageDown'],
      repeats: true,
      enabled: always,
      run: () => step(1),
    },
    {
      id: 'previous_image',
      group: 'navigation',
      label_key: 'actions.previous_image',
      keys: ['a', 'PageUp'],
      repeats: true,
      enabled: always,
      run: () => step(-1),
    },
    ...(deleteImage
      ? [
          {
            id: 'delete_image',
            group: 'navigation',
            label_key: 'actions.delete_image',
            keys: [],
            enabled: hasImage,
            run: deleteImage,
          } as const,
        ]
      : []),
    { id: 'find_class', group: 'class', label_key: 'actions.find_class', keys: ['/'], enabled: always, run: findClass },
    { id: 'palette', group: 'help', label_key: 'actions.palette', keys: ['Mod+k'], enabled: always, run: palette },
    { id: 'help', group: 'help', label_key: 'actions.help', keys: ['?'], enabled: always, run: help },
  ];
}
