// turbo build, skipped when neither an input nor an output has changed since it last succeeded.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceFolders } from './install.mjs';
import { loggedRun } from './logged-run.mjs';
import { refuseWhileServed } from './served-build.mjs';
import { readStamp, treeStamp, writeStamp } from './stamp.mjs';
import { CACHE, REPORTS, ROOT } from './workspace-paths.mjs';

const STAMP_FILE = join(CACHE, 'build-stamp');
const ROOT_INPUTS = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', 'turbo.json'];

/** What Next writes last, and names the build. */
const WEB_OUTPUT = join('apps', 'web', '.next', 'BUILD_ID');

/**
 * @param {{ toolchain: import('./toolchain.mjs').Toolchain, progress: import('./progress.mjs').Progress }} options
 * @throws when something must be built while Labelyard runs from what is there
 */
export async function buildAll({ toolchain, progress }) {
  if (readStamp(STAMP_FILE) === stampOf(toolchain)) return;
  refuseWhileServed();
  await progress.step('Building', () =>
    loggedRun({
      what: 'turbo run build',
      command: toolchain.pnpm,
      args: ['exec', 'turbo', 'run', 'build', '--output-logs=errors-only', '--concurrency=100%'],
      cwd: ROOT,
      env: toolchain.env,
      logFile: join(REPORTS, 'build.log'),
    }),
  );
  writeStamp(STAMP_FILE, stampOf(toolchain));
}

/**
 * Inputs and outputs in one: a deleted or hand-built `dist` leads to a build as surely as an edited source.
 *
 * @param {import('./toolchain.mjs').Toolchain} toolchain
 */
function stampOf(toolchain) {
  const folders = workspaceFolders();
  const publicVariables = Object.entries(toolchain.env)
    .filter(([name]) => name.startsWith('NEXT_PUBLIC_') || name === 'NEXT_OUTPUT')
    .map((pair) => pair.join('='));
  const inputs = treeStamp(ROOT, [...ROOT_INPUTS, ...folders], { extra: [toolchain.id, ...publicVariables] });
  const outputs = folders.map((folder) => join(folder, 'dist')).filter((folder) => hasFiles(folder));
  return `${inputs} ${treeStamp(ROOT, [...outputs, WEB_OUTPUT], { skip: new Set() })}`;
}

/** @param {string} folder */
function hasFiles(folder) {
  return existsSync(join(ROOT, folder)) && readdirSync(join(ROOT, folder)).length > 0;
}
