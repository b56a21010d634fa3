import { api } from '@/api';
import { maintenanceNews } from '@/features/maintenance/maintenance-news';
import { lifeByDatabases } from '@/tab-life';
import { xhrPut } from './put-blob';
import { TransferSlots } from './transfer-slots';
import type { HubTools } from './upload-hub';
import { UploadStore } from './upload-store';

/** Transfers at once: browsers open six connections to a host, and the page itself needs one. */
const TRANSFERS = 5;
/** The display follows at most ten times a second. */
const SHOW_EVERY_MS = 100;

/** What uploads use in a real browser. */
export function browserTools(onImages: HubTools['onImages']): HubTools {
  let planned = false;
  return {
    api,
    put: xhrPut(),
    slots: new TransferSlots(TRANSFERS),
    now: () => Date.now(),
    random: Math.random,
    newId: () => crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`,
    onImages,
    sleep: sleepOrServed,
    openStore: async () => UploadStore.open().catch(() => null),
    soon: (task) => {
      if (planned) return;
      planned = true;
      setTimeout(() => {
        planned = false;
        task();
      }, SHOW_EVERY_MS);
    },
    claim,
  };
}

/** Until then, or until the network is back, or maintenance over. */
export function sleepOrServed(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (settle: () => void) => () => {
      clearTimeout(timer);
      window.removeEventListener('online', onOnline);
      stopNews();
      signal.removeEventListener('abort', onAbort);
      settle();
    };
    const onOnline = done(resolve);
    const onAbort = done(() => reject(signal.reason as Error));
    const timer = setTimeout(done(resolve), ms);
    window.addEventListener('online', onOnline);
    const stopNews = maintenanceNews.subscribe((notice) => {
      if (!notice) onOnline();
    });
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
  });
}

/** Held until the tab closes. */
function claim(runId: string): Promise<boolean> {
  const locks = navigator.locks as LockManager | undefined;
  if (!locks) return claimByDatabase(runId);
  return new Promise((resolve) => {
    void locks.request(`labelyard-upload-${runId}`, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock === null ? undefined : new Promise<void>(() => undefined);
    });
  });
}

/** Over plain http. A browser that keeps no databases keeps no upload either, so nobody else has it. */
async function claimByDatabase(runId: string): Promise<boolean> {
  const life = lifeByDatabases();
  try {
    const [free] = await life.leftOf([runId]);
    if (free !== undefined) await life.hold(runId);
    return free !== undefined;
  } catch {
    return true;
  }
}
