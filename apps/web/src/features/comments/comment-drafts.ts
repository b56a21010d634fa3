import type { Mentionable } from './mentions';

/** What somebody has begun to write. */
export interface CommentDraft {
  readonly text: string;
  readonly mentioned: readonly Mentionable[];
}

/** Whose draft of what: a comment on an image, an answer in a thread, a comment written anew. */
export interface DraftPlace {
  readonly user_id: string;
  readonly kind: 'image' | 'answer' | 'edit';
  /** Of the image, the thread or the comment. */
  readonly id: number;
}

const keyOf = ({ user_id, kind, id }: DraftPlace) => `labelyard-draft ${user_id} ${kind} ${id}`;

/** Kept in the tab until they are sent or given up: going to another image, or a reload, costs nobody half a comment. */
export const commentDrafts = {
  read(place: DraftPlace): CommentDraft | null {
    const text = storage()?.getItem(keyOf(place)) ?? null;
    return text === null ? null : (JSON.parse(text) as CommentDraft);
  },

  keep(place: DraftPlace, draft: CommentDraft): void {
    if (draft.text.trim() === '') return this.drop(place);
    try {
      storage()?.setItem(keyOf(place), JSON.stringify(draft));
    } catch {
      // The browser keeps no more: the text is on the screen still.
    }
  },

  drop(place: DraftPlace): void {
    storage()?.removeItem(keyOf(place));
  },
};

/** Null where a browser keeps nothing, and on the server. */
function storage(): Storage | null {
  try {
    return globalThis.sessionStorage;
  } catch {
    return null;
  }
}
