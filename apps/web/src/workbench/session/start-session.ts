import { ApiError, createClient, type Client, type Operation } from '@labelyard/contract';
import { Journal } from '../saving/journal';
import { Outbox } from '../saving/outbox';
import { deadSessions, holdSession } from '../saving/session-lock';
import { BitmapCache, loadBitmap } from './bitmap-cache';
import { LabelSession } from './label-session';
import { newUuid } from './new-uuid';

export interface StartOptions {
  readonly user_id: string;
  readonly project_id: number;
  readonly showBitmap: (bitmap: ImageBitmap | null) => void;
  /** The browser keeps no journal: the person must know that a crash would cost unsent edits. */
  readonly onJournalError: (error: unknown) => void;
}

/** A journal that forgets: for browsers that refuse IndexedDB. Edits still go to the server at once. */
const NO_JOURNAL: Pick<Journal, 'read' | 'write' | 'adopt'> = {
  read: () => Promise.resolve([]),
  write: () => Promise.resolve(),
  adopt: () => Promise.resolve(),
};

/** Opens the journal, takes over what crashed tabs left behind and starts sending it. */
export async function startLabelSession({
  user_id,
  project_id,
  showBitmap,
  onJournalError,
}: StartOptions): Promise<LabelSession> {
  const api = createClient({ origin: '' });
  const session = newUuid();
  const journal = await openJournal(user_id, session, onJournalError);
  const editorHolder: { session: LabelSession | null } = { session: null };
  const outbox = new Outbox({
    user_id,
    session,
    project_id,
    journal,
    newId: newUuid,
    send: operationsSender(api, user_id, project_id),
    onSaved: (image_id, results) => editorHolder.session?.editor.markSaved(image_id, results),
    onJournalError,
  });
  await outbox.restore();
  editorHolder.session = new LabelSession({
    project_id,
    api,
    outbox,
    bitmaps: new BitmapCache(loadBitmap),
    showBitmap,
  });
  void outbox.flush();
  return editorHolder.session;
}

async function openJournal(user_id: string, session: string, onError: (error: unknown) => void) {
  try {
    const journal = await Journal.open();
    // Web Locks exist on https and localhost only. Without them nobody can tell a living tab from a crashed one: what a
    // crashed one left is then taken over by the next tab that opens, which is right for the usual single tab.
    const locks = navigator.locks as LockManager | undefined;
    if (locks) await holdSession(session, locks);
    const others = (await journal.read(user_id)).map((record) => record.session);
    await journal.adopt(user_id, locks ? await deadSessions(others, locks) : others, session);
    return journal;
  } catch (error) {
    onError(error);
    return NO_JOURNAL;
  }
}

/**
 * Sends operations as the person the journal belongs to. After a refusal the session may be somebody else's by now (signed in
 * again in another tab): nothing is sent in their name.
 */
function operationsSender(api: Client, user_id: string, project_id: number) {
  let suspect = false;
  return async (image_id: number, operations: readonly Operation[]) => {
    try {
      if (suspect && (await api('auth.me', {})).id !== user_id) {
        throw new ApiError(401, 'unauthorized', 'Somebody else is signed in now');
      }
      suspect = false;
      const params = { project_id, image_id };
      const { results } = await api('annotations.operations', { params, body: { operations: [...operations] } });
      return results;
    } catch (error) {
      suspect ||= error instanceof ApiError && error.code === 'unauthorized';
      throw error;
    }
  };
}
