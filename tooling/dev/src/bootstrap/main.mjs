// From a bare machine to a running command: Node 24 and pnpm, packages, build, then what was asked for. Nothing here
// needs an installed package, and everything runs on Node 18.
import { spawn } from 'node:child_process';
import { accessSync, constants, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { acquireFileLock } from '../../../embedded-postgres/src/file-lock.mjs';
import { buildAll } from './build.mjs';
import { callerEnvironment, withoutLauncherSettings, withWritableHome } from './environment.mjs';
import { installPackages } from './install.mjs';
import { Interrupted } from './logged-run.mjs';
import { createProgress } from './progress.mjs';
import { superviseStart } from './start-relay.mjs';
import { prepareToolchain } from './toolchain.mjs';
import { CACHE, ROOT } from './workspace-paths.mjs';

const LOCK_WAIT_MS = 30 * 60_000;
const TOOLS = join(ROOT, 'tooling', 'dev', 'src');

/**
 * @typedef {{ toolchain: import('./toolchain.mjs').Toolchain, args: string[] }} CommandContext
 * @typedef {{ says: string, build: boolean, run: (context: CommandContext) => Promise<number> }} Command
 */

/** @type {Record<string, Command>} */
const COMMANDS = {
  start: {
    says: 'start everything: database, API, web, demo data',
    build: true,
    run: ({ toolchain }) => superviseStart({ toolchain, mode: 'start' }),
  },
  dev: {
    says: 'the same, rebuilding on every change',
    build: true,
    run: ({ toolchain }) => superviseStart({ toolchain, mode: 'dev' }),
  },
  restart: {
    says: 'make the running npm start read .env again and restart API and web',
    build: false,
    run: ({ toolchain }) => runProgram(toolchain, toolchain.node, [join(TOOLS, 'start', 'restart.mjs')]),
  },
  test: {
    says: 'lint, types, all tests and the browser journey; ends with "N passed, N failed"',
    build: false,
    run: ({ toolchain, args }) =>
      runProgram(toolchain, toolchain.node, [join(TOOLS, 'checks', 'run-checks.mjs'), ...args]),
  },
  setup: { says: 'install and build, nothing else', build: true, run: async () => 0 },
  bench: {
    says: 'the performance measurements',
    build: true,
    run: ({ toolchain, args }) =>
      runProgram(toolchain, toolchain.pnpm, ['-C', 'tooling/bench', '--silent', 'run', 'bench', ...args]),
  },
  yard: {
    says: "the operator's tool: yard help",
    build: true,
    run: ({ toolchain, args }) =>
      runProgram(toolchain, toolchain.node, [join(ROOT, 'tooling', 'deploy', 'bin', 'yard.mjs'), ...args]),
  },
};

/** Commands whose stdout is read by programs. */
const ANSWERING = ['bench', 'yard'];

/** @param {string[]} argv command and its arguments */
export async function main([name = 'help', ...args]) {
  if (['help', '--help', '-h'].includes(name)) return printHelp();
  const command = COMMANDS[name] ?? programCommand(name);
  const progress = createProgress({ out: command.says && !ANSWERING.includes(name) ? process.stdout : process.stderr });
  try {
    const toolchain = await prepare({ build: command.build, progress });
    process.exitCode = await command.run({ toolchain, args });
  } catch (error) {
    if (error instanceof Interrupted) {
      process.exitCode = error.exitCode;
      return;
    }
    console.error(`\n${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}

/**
 * @param {{ build: boolean, progress: import('./progress.mjs').Progress }} options
 */
async function prepare({ build, progress }) {
  ensureWritable();
  const env = withWritableHome(withoutLauncherSettings(callerEnvironment), join(CACHE, 'home'));
  // Two of them in one checkout would install over each other.
  const lock = await acquireFileLock(join(CACHE, 'setup.lock'), {
    waitMs: LOCK_WAIT_MS,
    onWait: (holder) =>
      progress.line(`Waiting for another Labelyard command that is setting up (process ${holder?.pid})`),
  });
  try {
    const toolchain = await prepareToolchain({ env, callerEnv: callerEnvironment, progress });
    await installPackages({ toolchain, progress });
    if (build) await buildAll({ toolchain, progress });
    return toolchain;
  } finally {
    lock.release();
  }
}

function ensureWritable() {
  try {
    mkdirSync(CACHE, { recursive: true });
    accessSync(ROOT, constants.W_OK);
    accessSync(CACHE, constants.W_OK);
  } catch (error) {
    throw new Error(
      `${ROOT} cannot be written (${/** @type {NodeJS.ErrnoException} */ (error).code}): packages and builds are kept there. ` +
        'Clone the repository as the user who runs it.',
      { cause: error },
    );
  }
}

/**
 * Any other word is a program of the workspace: `labelyard turbo run build`.
 *
 * @param {string} name
 * @returns {Command}
 */
function programCommand(name) {
  return {
    says: '',
    build: false,
    run: ({ toolchain, args }) => runProgram(toolchain, toolchain.pnpm, ['exec', name, ...args]),
  };
}

/**
 * In the foreground, with our terminal.
 *
 * @param {import('./toolchain.mjs').Toolchain} toolchain
 * @param {string} command
 * @param {string[]} args
 * @returns {Promise<number>} exit code
 */
function runProgram(toolchain, command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, env: toolchain.env, stdio: 'inherit' });
    // The terminal's Ctrl-C reaches the program too: let it end first. Other signals are handed on.
    process.on('SIGINT', () => {});
    for (const signal of /** @type {NodeJS.Signals[]} */ (['SIGTERM', 'SIGHUP']))
      process.on(signal, () => child.kill(signal));
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? (signal ? 1 : 0)));
  });
}

function printHelp() {
  console.log('Usage: node tooling/dev/bin/labelyard.mjs <command>\n');
  for (const [name, { says }] of Object.entries(COMMANDS)) console.log(`  ${name.padEnd(7)} ${says}`);
  console.log('\nAny other word runs a program of the workspace, such as: turbo run build');
}
