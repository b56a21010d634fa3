import type { Command } from '../cli/command.js';
import { storageCheckCommand } from './storage-check.js';
import { storagePlanCommand } from './storage-plan.js';
import { storageSyncCommand } from './storage-sync.js';

/** `yard storage …` */
export const STORAGE_COMMANDS: readonly Command[] = [storagePlanCommand, storageSyncCommand, storageCheckCommand];
