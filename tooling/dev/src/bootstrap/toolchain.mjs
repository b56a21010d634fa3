// Node 24 and pnpm, from npm, kept in the checkout's cache. Nothing is installed on the machine; corepack is not used.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { withPath } from './environment.mjs';
import { loggedRun } from './logged-run.mjs';
import { isNewEnough, nodePackageName, pnpmVersion } from './node-version.mjs';
import { CACHE, REPORTS, ROOT } from './workspace-paths.mjs';

/**
 * @typedef {object} Toolchain
 * @property {string} node path of the Node.js that runs the product
 * @property {string} pnpm path of pnpm
 * @property {string} id changes whenever what is installed with it must be installed again
 * @property {import('./environment.mjs').Environment} env with both first on PATH
 */

/**
 * @param {{ env: import('./environment.mjs').Environment, callerEnv: import('./environment.mjs').Environment,
 *   progress: import('./progress.mjs').Progress }} options
 * @returns {Promise<Toolchain>}
 */
export async function prepareToolchain({ env, callerEnv, progress }) {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const nodeMajor = readFileSync(join(ROOT, '.node-version'), 'utf8').trim();
  const pnpm = pnpmVersion(manifest.packageManager);
  const ownNode = isNewEnough(process.version);

  /** @type {Record<string, string>} */
  const wanted = { pnpm };
  if (!ownNode) wanted[nodePackageName(process.platform, process.arch)] = nodeMajor;
  const id = `${process.platform}-${process.arch}-pnpm-${pnpm}`;
  const folder = join(CACHE, 'tools', ownNode ? id : `${id}-node-${nodeMajor}`);
  if (!existsSync(join(folder, 'complete'))) {
    const label = ownNode
      ? `Getting pnpm ${pnpm}`
      : `Getting Node ${nodeMajor} and pnpm ${pnpm} (this is ${process.version})`;
    await progress.step(label, () => install({ folder, wanted, env, callerEnv }));
  }
  const tools = locate(folder, ownNode);
  return { ...tools, id, env: withPath(env, [dirname(tools.node), dirname(tools.pnpm)]) };
}

/**
 * @param {{ folder: string, wanted: Record<string, string>, env: import('./environment.mjs').Environment,
 *   callerEnv: import('./environment.mjs').Environment }} options
 */
async function install({ folder, wanted, env, callerEnv }) {
  const work = `${folder}.new`;
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  // A folder with its own manifest: npm does not look further up. (--prefix would move npm's global config away.)
  writeFileSync(join(work, 'package.json'), JSON.stringify({ private: true, dependencies: wanted }));
  if (existsSync(join(ROOT, '.npmrc'))) cpSync(join(ROOT, '.npmrc'), join(work, '.npmrc'));
  const npm = npmCommand(callerEnv);
  await loggedRun({
    what: 'npm install',
    command: npm.command,
    // Install scripts are not needed: both packages bring finished programs.
    args: [
      ...npm.args,
      'install',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--no-package-lock',
      '--loglevel=http',
    ],
    shell: npm.shell,
    cwd: work,
    env,
    logFile: join(REPORTS, 'toolchain.log'),
  });
  check(locate(work, !Object.keys(wanted).some((name) => name.startsWith('node-'))));
  writeFileSync(join(work, 'complete'), '');
  rmSync(folder, { recursive: true, force: true });
  renameSync(work, folder);
}

/**
 * npm as it was called, else the one on PATH.
 *
 * @param {import('./environment.mjs').Environment} callerEnv
 */
function npmCommand(callerEnv) {
  const cli = callerEnv.npm_execpath;
  if (cli && basename(cli) === 'npm-cli.js' && existsSync(cli)) {
    return { command: process.execPath, args: [cli], shell: false };
  }
  return { command: 'npm', args: [], shell: process.platform === 'win32' };
}

/**
 * @param {string} folder
 * @param {boolean} ownNode
 */
function locate(folder, ownNode) {
  const windows = process.platform === 'win32';
  const modules = join(folder, 'node_modules');
  const nodePackage = join(modules, nodePackageName(process.platform, process.arch));
  // npm installs the one of pnpm's platform packages that fits, C library included.
  const [pnpmPackage = ''] = existsSync(join(modules, '@pnpm'))
    ? readdirSync(join(modules, '@pnpm')).filter((name) => name.startsWith('exe.'))
    : [];
  return {
    node: ownNode ? process.execPath : join(nodePackage, 'bin', windows ? 'node.exe' : 'node'),
    pnpm: join(modules, '@pnpm', pnpmPackage, windows ? 'pnpm.exe' : 'pnpm'),
  };
}

/** @param {{ node: string, pnpm: string }} tools */
function check({ node, pnpm }) {
  for (const [name, program] of Object.entries({ 'Node.js': node, pnpm })) {
    const tried = spawnSync(program, ['--version'], { encoding: 'utf8' });
    if (tried.status === 0) continue;
    const why = (tried.error?.message ?? tried.stderr).trim().split('\n')[0];
    throw new Error(
      `The ${name} that npm brought does not run on this machine (${why}). ` +
        'Install Node.js 24 or newer from https://nodejs.org and try again.',
    );
  }
}
