// @ts-check
// Which browser the journeys run in. A machine's own one is as good as Playwright's.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from '@playwright/test';

const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'microsoft-edge',
  'msedge',
];

const MAC = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];

const WINDOWS = [
  ['Google', 'Chrome', 'Application', 'chrome.exe'],
  ['Chromium', 'Application', 'chrome.exe'],
  ['Microsoft', 'Edge', 'Application', 'msedge.exe'],
];

const ADVICE = [
  'No browser for the journeys. Either let Playwright get one:',
  '    pnpm -C apps/web exec playwright install --with-deps chromium',
  'or use one of this machine:',
  '    CHROMIUM_PATH=/path/to/chrome pnpm -C apps/web e2e      (Debian, Ubuntu: apt-get install chromium)',
].join('\n');

/**
 * `CHROMIUM_PATH`, else the browser Playwright has downloaded, else one of this machine, else Playwright downloads its own,
 * else, where we may, Debian's package.
 *
 * @param {{ env: NodeJS.ProcessEnv, say: (line: string) => void }} options
 * @returns {string} path of the program
 * @throws {Error} that names both ways to get one
 */
export function findBrowser({ env, say }) {
  if (env.CHROMIUM_PATH) {
    if (isProgram(env.CHROMIUM_PATH)) return env.CHROMIUM_PATH;
    throw new Error(`CHROMIUM_PATH is "${env.CHROMIUM_PATH}", which is no program.\n${ADVICE}`);
  }
  const own = chromium.executablePath();
  const found = [own, ...candidates(env)].find(isProgram);
  if (found) return found;
  say('No browser on this machine: Playwright gets its own (about 180 MB)');
  const cli = join(import.meta.dirname, '..', '..', 'node_modules', '@playwright', 'test', 'cli.js');
  spawnSync(process.execPath, [cli, 'install', 'chromium'], { stdio: 'inherit', timeout: 10 * 60_000 });
  if (isProgram(own)) return own;
  if (installFromDebian(env, say)) {
    const installed = candidates(env).find(isProgram);
    if (installed) return installed;
  }
  throw new Error(ADVICE);
}

/** Behind a proxy that only knows package registries Playwright finds nothing; containers of Debian and Ubuntu run as root. */
function installFromDebian(/** @type {NodeJS.ProcessEnv} */ env, /** @type {(line: string) => void} */ say) {
  const hasApt = (env.PATH ?? '').split(delimiter).some((folder) => isProgram(join(folder, 'apt-get')));
  if (!hasApt || process.getuid?.() !== 0) return false;
  say('Playwright could not get it: installing the package chromium');
  const apt = (/** @type {string[]} */ ...args) =>
    spawnSync('apt-get', ['-qq', ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...env, DEBIAN_FRONTEND: 'noninteractive' },
      timeout: 10 * 60_000,
    }).status === 0;
  return apt('update') && apt('install', '--yes', '--no-install-recommends', 'chromium', 'fonts-liberation');
}

/** @param {NodeJS.ProcessEnv} env */
function candidates(env) {
  if (process.platform === 'darwin') return MAC;
  if (process.platform === 'win32') {
    const roots = [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA];
    return roots.flatMap((root) => (root ? WINDOWS.map((parts) => join(root, ...parts)) : []));
  }
  return (env.PATH ?? '').split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
}

/** @param {string} path */
function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return existsSync(path);
  } catch {
    return false;
  }
}
