import { ApiError, endpointUrl } from '@labelyard/contract';
import { onSignIn } from '@/sign-in-news';
import { api } from '@/api';
import { maintenanceNews } from '@/features/maintenance/maintenance-news';
import { LiveBoard, type LiveView } from './live-board';
import { ProjectStream, type StreamListener } from './project-stream';

/**
 * A hidden tab lets go of its line after this long and reads anew when it is looked at: browsers open six connections to a
 * server without HTTP/2, for all tabs together.
 */
const HIDDEN_MS = 30_000;
/** Pages change: the next one mostly wants the same stream. */
const LINGER_MS = 1_000;
/** A page that shows a project opens its line within this time. */
const SETTLE_MS = 150;

/** A project, or only the person's own news. */
type Line = number | 'own';

interface Shared {
  readonly stream: ProjectStream;
  readonly board: LiveBoard;
  readonly stop: () => void;
  users: number;
  closing: ReturnType<typeof setTimeout> | undefined;
}

const open = new Map<Line, Shared>();
/** Who wants the person's own news, over whichever line the tab has. */
const followers = new Set<StreamListener>();
let own: { readonly release: () => void } | null = null;
let settling: ReturnType<typeof setTimeout> | undefined;

/** The tab's one stream of a project, opened for its first user and closed after its last. Call `release` when done. */
export function acquireStream(project_id: number): Pick<Shared, 'stream' | 'board'> & { readonly release: () => void } {
  return acquire(project_id);
}

/**
 * Calls `listener` with what the tab's line tells, among it the person's own news. Every page has one line: that of the project
 * it shows, else one of its own. Answers how to stop.
 */
export function followNews(listener: StreamListener): () => void {
  followers.add(listener);
  settleSoon();
  return () => {
    followers.delete(listener);
    settleSoon();
  };
}

function settleSoon(): void {
  clearTimeout(settling);
  settling = setTimeout(() => {
    const needed = followers.size > 0 && [...open.keys()].every((line) => line === 'own');
    if (needed) own ??= acquire('own');
    else {
      own?.release();
      own = null;
    }
  }, SETTLE_MS);
}

function acquire(line: Line): Pick<Shared, 'stream' | 'board'> & { readonly release: () => void } {
  const shared = open.get(line) ?? start(line);
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
      open.delete(line);
      settleSoon();
    }, LINGER_MS);
  };
  return { stream: shared.stream, board: shared.board, release };
}

/** What the stream has told so far; null while nobody listens. */
export function liveView(project_id: number): LiveView | null {
  return open.get(project_id)?.board.snapshot() ?? null;
}

function start(line: Line): Shared {
  const url = line === 'own' ? endpointUrl('me.events', {}) : endpointUrl('live.events', { project_id: line });
  const stream = new ProjectStream({
    connect: () => new EventSource(url),
    signedIn,
    // Nothing on the page is older than its document; how long its script took to run depends on the machine.
    pageAge: () => performance.now(),
  });
  const board = new LiveBoard(async () =>
    line === 'own' ? [] : (await api('locks.list', { params: { project_id: line }, query: {} })).items,
  );
  stream.subscribe((event) => board.hear(event));
  stream.subscribe((event) => {
    if (event.type === 'maintenance') maintenanceNews.hear(event.maintenance);
    for (const follower of followers) follower(event);
  });
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
  open.set(line, shared);
  settleSoon();
  return shared;
}

async function signedIn(): Promise<boolean> {
  try {
    await api('auth.me', {});
    return true;
  } catch (error) {
    return !(error instanceof ApiError && error.code === 'unauthorized');
  }
}
