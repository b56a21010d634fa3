import { endpointUrl } from '@labelyard/contract';
import { onSignIn } from '@/sign-in-news';
import { api } from '@/api';
import { LiveBoard, type LiveView } from './live-board';
import { ProjectStream } from './project-stream';

/**
 * A hidden tab lets go of its line after this long and reads anew when it is looked at: browsers open six connections to a
 * server without HTTP/2, for all tabs together.
 */
const HIDDEN_MS = 30_000;
/** Pages change: the next one mostly wants the same stream. */
const LINGER_MS = 1_000;

interface Shared {
  readonly stream: ProjectStream;
  readonly board: LiveBoard;
  readonly stop: () => void;
  users: number;
  closing: ReturnType<typeof setTimeout> | undefined;
}

const open = new Map<number, Shared>();

/** The tab's one stream of a project, opened for its first user and closed after its last. Call `release` when done. */
export function acquireStream(project_id: number): Pick<Shared, 'stream' | 'board'> & { readonly release: () => void } {
  const shared = open.get(project_id) ?? start(project_id);
  shared.users += 1;
  clearTimeout(shared.closing);
  let released = false;
  const release = () => {
    if (released) return;
    released = true;
    shared.users -= 1;
    if (shared.users > 0) return;
    shared.closing = setTimeout(() => {
      shared.stop();
      open.delete(project_id);
    }, LINGER_MS);
  };
  return { stream: shared.stream, board: shared.board, release };
}

/** What the stream has told so far; null while nobody listens. */
export function liveView(project_id: number): LiveView | null {
  return open.get(project_id)?.board.snapshot() ?? null;
}

function start(project_id: number): Shared {
  const url = endpointUrl('live.events', { project_id });
  const stream = new ProjectStream({ connect: () => new EventSource(url) });
  const board = new LiveBoard(async () => (await api('locks.list', { params: { project_id }, query: {} })).items);
  stream.subscribe((event) => board.hear(event));
  let hiding: ReturnType<typeof setTimeout> | undefined;
  const onVisibility = () => {
    clearTimeout(hiding);
    if (document.visibilityState === 'visible') stream.open();
    else hiding = setTimeout(() => stream.pause(), HIDDEN_MS);
  };
  const onOnline = () => stream.open();
  // The browser closes the line by itself, but would say so to nobody when the page is kept for the back button.
  const onPageHide = () => stream.pause();
  document.addEventListener('visibilitychange', onVisibility);
  window.addEventListener('online', onOnline);
  window.addEventListener('pageshow', onOnline);
  window.addEventListener('pagehide', onPageHide);
  const stopSignIn = onSignIn(onOnline);
  stream.open();
  const shared: Shared = {
    stream,
    board,
    users: 0,
    closing: undefined,
    stop: () => {
      clearTimeout(hiding);
      document.removeEventListener('visibilitychange', onVisibility);
      window.removeEventListener('online', onOnline);
      window.removeEventListener('pageshow', onOnline);
      window.removeEventListener('pagehide', onPageHide);
      stopSignIn();
      stream.pause();
    },
  };
  open.set(project_id, shared);
  return shared;
}
