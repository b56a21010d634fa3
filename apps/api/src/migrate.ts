import { runCommand, say } from './command.js';
import { readAdminEnv } from './env.js';
import { updateSchemas } from './update-schemas.js';

// The pre-deploy command: brings every schema up to date. One at a time, and safe to run again.
await runCommand(() => updateSchemas(readAdminEnv(), say));
