import type { Command } from '../cli/command.js';
import { storageCheckCommand } from './storage-check.js';
import { storageDanglingCommand, storageOrphansCommand, storageThumbnailsCommand } from './storage-integrity.js';
import { storagePlanCommand } from './storage-plan.js';
import { STORAGE_SETTINGS_COMMANDS } from './storage-settings.js';
import { storageSyncCommand } from './storage-sync.js';

/** `yard storage …` */
export const STORAGE_COMMANDS: readonly Command[] = [
  storagePlanCommand,
  storageSyncCommand,
  storageCheckCommand,
  storageOrphansCommand,
  storageDanglingCommand,
  storageThumbnailsCommand,
  ...STORAGE_SETTINGS_COMMANDS,
];
