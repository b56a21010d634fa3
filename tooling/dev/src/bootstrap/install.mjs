// pnpm install, when something it depends on has changed since it last succeeded.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loggedRun } from './logged-run.mjs';
import { contentStamp, readStamp, writeStamp } from './stamp.mjs';
import { REPORTS, ROOT } from './workspace-paths.mjs';

const GROUPS = ['apps', 'packages', 'tooling'];

/** @returns {string[]} folders of all packages of the workspace, relative to the root */
export function workspaceFolders() {
  return GROUPS.flatMap((group) =>
    readdirSync(join(ROOT, group))
      .sort()
      .map((name) => join(group, name))
      .filter((folder) => existsSync(join(ROOT, folder, 'package.json'))),
  );
}

/**
 * @param {{ toolchain: import('./toolchain.mjs').Toolchain, progress: import('./progress.mjs').Progress }} options
 */
export async function installPackages({ toolchain, progress }) {
  const folders = workspaceFolders();
  const files = [
    'pnpm-lock.yaml',
    'pnpm-workspace.yaml',
    'package.json',
    ...folders.map((folder) => join(folder, 'package.json')),
  ];
  const stamp = contentStamp(
    files.map((file) => join(ROOT, file)),
    [toolchain.id],
  );
  const stampFile = join(ROOT, 'node_modules', '.labelyard-stamp');
  const complete = folders.every(
    (folder) => !hasDependencies(folder) || existsSync(join(ROOT, folder, 'node_modules')),
  );
  if (complete && readStamp(stampFile) === stamp) return;

  await progress.step('Installing packages', () =>
    loggedRun({
      what: 'pnpm install',
      command: toolchain.pnpm,
      args: ['install', '--frozen-lockfile', '--reporter=append-only'],
      cwd: ROOT,
      // CI: never ask a question.
      env: { ...registryOf(toolchain.env), ...toolchain.env, CI: 'true' },
      logFile: join(REPORTS, 'install.log'),
    }),
  );
  writeStamp(stampFile, stamp);
}

/** @param {string} folder */
function hasDependencies(folder) {
  const manifest = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'));
  return Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).length > 0;
}

/**
 * pnpm reads ~/.npmrc, but neither npm's global configuration nor npm_config_* variables; so npm is asked where it
 * gets packages from.
 *
 * @param {import('./environment.mjs').Environment} env
 * @returns {import('./environment.mjs').Environment}
 */
function registryOf(env) {
  const asked = spawnSync('npm', ['config', 'get', 'registry'], {
    cwd: ROOT,
    env,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  const registry = asked.status === 0 ? asked.stdout.trim() : '';
  return registry && registry !== 'undefined' ? { pnpm_config_registry: registry } : {};
}
