import { createClient, type ApiError } from '@labelyard/contract';
import { maintenanceNews } from '@/features/maintenance/maintenance-news';
import { tabLife } from '@/tab-life';
import { Journal, type JournalScope } from '../saving/journal';
import { Outbox, type OutboxOptions } from '../saving/outbox';
import { BitmapCache, loadBitmap } from './bitmap-cache';
import { LabelSession } from './label-session';
import { newUuid } from '@/new-uuid';
import { OwnSender } from './own-sender';

export interface StartOptions {
  readonly user_id: string;
  readonly project_id: number;
  readonly showBitmap: (bitmap: ImageBitmap | null) => void;
  /** The browser keeps no journal: the person must know that a crash would cost unsent edits. */
  readonly onJournalError: (error: unknown) => void;
  /** A confirmation that waited was taken, or refused for good. */
  readonly onConfirmed: (refusal: ApiError | null) => void;
}

/** A journal that forgets: for browsers that refuse IndexedDB. Edits still go to the server at once. */
const NO_JOURNAL: OutboxOptions['journal'] = {
  read: () => Promise.resolve([]),
  write: () => Promise.resolve(),
  readConfirmations: () => Promise.resolve([]),
  forgetConfirmation: () => Promise.resolve(),
  // Nobody must be told that it waits here.
  writeConfirmation: () => Promise.reject(new Error('This browser keeps nothing')),
};

/** Sessions of this tab that were left. Each goes on sending what it holds until the next one takes it over. */
const left = new Set<() => Promise<void>>();
let turn: Promise<unknown> = Promise.resolve();

/** Opens the journal, takes over what crashed tabs and earlier sessions of this one left behind, and starts sending it. */
export function startLabelSession(options: StartOptions): Promise<LabelSession> {
  // One after the other: each finds what the one before left.
  const started = turn.then(() => start(options));
  turn = started.catch(() => undefined);
  return started;
}

async function start({
  user_id,
  project_id,
  showBitmap,
  onJournalError,
  onConfirmed,
}: StartOptions): Promise<LabelSession> {
  for (const handOver of left) await handOver();
  left.clear();
  const api = createClient({ origin: '' });
  const session = newUuid();
  const { journal, giveUp } = await openJournal({ user_id, project_id, session }, onJournalError);
  const sender = new OwnSender(api, user_id, project_id);
  const editorHolder: { session: LabelSession | null } = { session: null };
  const outbox = new Outbox({
    user_id,
    session,
    project_id,
    journal,
    newId: newUuid,
    send: sender.send,
    confirm: sender.confirm,
    maintenance: maintenanceNews,
    onSaved: (image_id, results) => editorHolder.session?.editor.markSaved(image_id, results),
    onConfirmed: (confirmation, refusal) => {
      void editorHolder.session?.reload(confirmation.image_id);
      onConfirmed(refusal);
    },
    onJournalError,
  });
  await outbox.restore();
  editorHolder.session = new LabelSession({
    project_id,
    api,
    outbox,
    bitmaps: new BitmapCache(loadBitmap),
    showBitmap,
    onClosed: () => {
      sender.leave();
      left.add(async () => {
        outbox.close();
        await outbox.journaled();
        giveUp();
      });
    },
  });
  void outbox.flush();
  return editorHolder.session;
}

async function openJournal(scope: Omit<JournalScope, 'image_id'>, onError: (error: unknown) => void) {
  let release = () => {};
  try {
    const journal = await Journal.open();
    const life = tabLife();
    release = await life.hold(scope.session);
    await journal.adopt(scope, await life.leftOf(await journal.sessions(scope)));
    const giveUp = () => {
      journal.close();
      release();
    };
    return { journal, giveUp };
  } catch (error) {
    onError(error);
    return { journal: NO_JOURNAL, giveUp: release };
  }
}
