import type { EditorAction } from '@labelyard/editor';

export interface TeamworkCommands {
  /** Null: this person does not review. */
  readonly review: { readonly verifyAndNext: () => void; readonly reject: () => void } | null;
  /** Null: this person only reads. */
  readonly placeComment: (() => void) | null;
  readonly toggleComments: () => void;
}

/** Review and comments among the editor's actions, so that keyboard, palette and key sheet know them. */
export function teamworkActions({ review, placeComment, toggleComments }: TeamworkCommands): readonly EditorAction[] {
  const hasImage: EditorAction['enabled'] = (editor) => editor.image !== null;
  const actions: EditorAction[] = [
    {
      id: 'comments',
      group: 'navigation',
      label_key: 'actions.comments',
      keys: ['Shift+m'],
      enabled: hasImage,
      run: toggleComments,
    },
  ];
  if (placeComment)
    actions.push({
      id: 'comment',
      group: 'navigation',
      label_key: 'actions.comment',
      keys: ['m'],
      enabled: hasImage,
      run: placeComment,
    });
  if (review)
    actions.push(
      {
        id: 'verify_next',
        group: 'navigation',
        label_key: 'actions.verify_next',
        keys: ['Shift+e'],
        enabled: hasImage,
        run: review.verifyAndNext,
      },
      {
        id: 'reject',
        group: 'navigation',
        label_key: 'actions.reject',
        keys: ['Shift+r'],
        enabled: hasImage,
        run: review.reject,
      },
    );
  return actions;
}
