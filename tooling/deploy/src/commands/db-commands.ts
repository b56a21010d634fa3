import type { Command } from '../cli/command.js';
import { dbBackupCommand, dbBackupsCommand, dbDrillCommand, dbRestoreCommand } from './db-backup.js';
import { dbCaptureCommand, dbFreezeCommand, dbThawCommand } from './db-capture.js';
import { dbCopyCommand } from './db-copy.js';
import { dbDiffCommand, dbInspectCommand } from './db-inspect.js';
import { dbMigrateCommand } from './db-migrate.js';
import { dbSlowCommand } from './db-slow.js';
import { dbVerifyCommand } from './db-verify.js';

/** `yard db …` */
export const DB_COMMANDS: readonly Command[] = [
  dbInspectCommand,
  dbDiffCommand,
  dbCopyCommand,
  dbVerifyCommand,
  dbCaptureCommand,
  dbFreezeCommand,
  dbThawCommand,
  dbBackupCommand,
  dbBackupsCommand,
  dbRestoreCommand,
  dbDrillCommand,
  dbMigrateCommand,
  dbSlowCommand,
];
