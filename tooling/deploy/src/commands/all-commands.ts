import type { Command } from '../cli/command.js';
import { helpCommand } from './help.js';
import { reportCommand } from './report.js';

/** Every command of yard, in the order in which help lists them. */
export const COMMANDS: readonly Command[] = [helpCommand(() => COMMANDS), reportCommand];
