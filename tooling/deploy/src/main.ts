import { run } from './cli/run.js';
import { COMMANDS } from './commands/all-commands.js';

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => interrupted.abort(new DOMException(`${signal} received`, 'AbortError')));

const argv = process.argv.slice(2);
process.exitCode = await run({
  commands: COMMANDS,
  argv: argv.length > 0 ? argv : ['help'],
  cwd: process.cwd(),
  stdout: process.stdout,
  stderr: process.stderr,
  signal: interrupted.signal,
});
