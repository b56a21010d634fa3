import { writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { COMMANDS } from '../commands/all-commands.js';
import { COMMAND_GUIDE_FILE, commandGuide } from './command-guide.js';

// `pnpm -C tooling/deploy guide`: a test fails when the committed page is not what the commands say.
const options = { ...(await resolveConfig(COMMAND_GUIDE_FILE)), parser: 'markdown' };
writeFileSync(COMMAND_GUIDE_FILE, await format(commandGuide(COMMANDS), options));
