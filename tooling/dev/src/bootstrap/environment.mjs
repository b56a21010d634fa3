// What the programs we start see of the caller's environment. The only reader of process.env in the bootstrap.
import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { delimiter, join } from 'node:path';

/** @typedef {Record<string, string | undefined>} Environment */

/** The caller's environment. */
export const callerEnvironment = /** @type {Environment} */ (process.env);

/**
 * `npm start` and `pnpm start` hand their own settings down as npm_* variables, which would steer the npm and pnpm we
 * run (prefix, omit=dev, loglevel …). Only what leads to the caller's registry passes.
 */
const NPM_SETTING = /^(npm_|pnpm_|PNPM_)/i;
const NPM_SETTING_KEPT =
  /^p?npm_config_(\/\/.*|.*registry|cache|userconfig|globalconfig|ca|cafile|cert|key|https?[_-]proxy|proxy|no_?proxy|strict[_-]ssl|fetch[_-].*|maxsockets|offline|prefer[_-]offline|store[_-]dir)$/i;

/** NODE_ENV=production would leave out what building needs; each program gets its own. */
const DROPPED = new Set(['INIT_CWD', 'NODE_ENV', 'NODE', 'npm_config_prefix']);

const QUIET = {
  TURBO_TELEMETRY_DISABLED: '1',
  DO_NOT_TRACK: '1',
  NEXT_TELEMETRY_DISABLED: '1',
  COREPACK_ENABLE_STRICT: '0',
};

/**
 * @param {Environment} environment
 * @returns {Environment}
 */
export function withoutLauncherSettings(environment) {
  const kept = Object.entries(environment).filter(
    ([name]) => !DROPPED.has(name) && (!NPM_SETTING.test(name) || NPM_SETTING_KEPT.test(name)),
  );
  return { ...Object.fromEntries(kept), ...QUIET };
}

/**
 * npm, pnpm, turbo and Next all write below HOME; service accounts have none.
 *
 * @param {Environment} environment
 * @param {string} substitute used when there is no HOME that can be written
 * @param {(folder: string) => boolean} [isWritable]
 * @returns {Environment}
 */
export function withWritableHome(environment, substitute, isWritable = isWritableFolder) {
  if (process.platform === 'win32') return environment;
  const home = environment.HOME || userInfo().homedir;
  if (isWritable(home)) return { ...environment, HOME: home };
  mkdirSync(substitute, { recursive: true });
  const userconfig = join(home, '.npmrc');
  return {
    ...(existsSync(userconfig) && { npm_config_userconfig: userconfig }),
    ...environment,
    HOME: substitute,
  };
}

/** @param {string} folder */
function isWritableFolder(folder) {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return statSync(folder).isDirectory();
  } catch {
    return false;
  }
}

/**
 * @param {Environment} environment
 * @param {string[]} folders come first, in this order
 * @returns {Environment}
 */
export function withPath(environment, folders) {
  const name = Object.keys(environment).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
  return { ...environment, [name]: [...folders, environment[name]].filter(Boolean).join(delimiter) };
}
