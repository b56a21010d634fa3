import type { Command } from '../cli/command.js';
import { CUTOVER_COMMANDS } from './cutover.js';
import { DB_COMMANDS } from './db-commands.js';
import { doctorCommand } from './doctor.js';
import { envDiff } from './env-diff.js';
import { envRender } from './env-render.js';
import { helpCommand } from './help.js';
import { PHASE_COMMANDS } from './phase.js';
import { rehearseCommand } from './rehearse.js';
import { reportCommand } from './report.js';
import { STORAGE_COMMANDS } from './storage-commands.js';

/** Every command of yard, in the order in which help lists them. */
export const COMMANDS: readonly Command[] = [
  helpCommand(() => COMMANDS),
  doctorCommand,
  envRender,
  envDiff,
  ...DB_COMMANDS,
  ...STORAGE_COMMANDS,
  ...CUTOVER_COMMANDS,
  ...PHASE_COMMANDS,
  rehearseCommand,
  reportCommand,
];
