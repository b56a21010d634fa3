'use client';

import type { MaintenanceNotice } from '@labelyard/contract';
import { useEffect, useSyncExternalStore } from 'react';
import { api } from '@/api';
import { maintenanceNews } from './maintenance-news';

/** For tabs without a live line: signed out, or cut off. */
const LOOK_MS = 30_000;

/** What everybody is told while nothing can be changed; null while everything works. */
export function useMaintenance(): MaintenanceNotice | null {
  return useSyncExternalStore(maintenanceNews.subscribe, maintenanceNews.current, () => null);
}

/** Reads the state when the page is there, whenever it is looked at again, and now and then while maintenance lasts. Once per page. */
export function useMaintenanceLook(): void {
  const on = useMaintenance() !== null;
  useEffect(() => {
    const look = () => {
      if (document.visibilityState !== 'visible') return;
      // Unreachable: what was known stays.
      api('maintenance.get', {}).then(
        ({ maintenance }) => maintenanceNews.hear(maintenance),
        () => undefined,
      );
    };
    look();
    document.addEventListener('visibilitychange', look);
    const timer = on ? setInterval(look, LOOK_MS) : undefined;
    return () => {
      document.removeEventListener('visibilitychange', look);
      clearInterval(timer);
    };
  }, [on]);
}
