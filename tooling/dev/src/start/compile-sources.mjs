// Keeps every package's `dist` up to date while somebody edits: one process, one TypeScript watch program per package.
// Tells its parent which files really changed: `process.send({ changed: string[] })`.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { ROOT } from '../bootstrap/workspace-paths.mjs';

const SETTLE_MS = 150;

/** @type {Set<string>} */
const changed = new Set();
/** @type {NodeJS.Timeout | undefined} */
let timer;

/** A package whose output did not change must not restart anything. @type {typeof ts.sys.writeFile} */
function writeChanged(path, data, mark) {
  if (ts.sys.readFile(path) === data) return;
  ts.sys.writeFile(path, data, mark);
  if (path.endsWith('.map')) return;
  changed.add(relative(ROOT, path));
  clearTimeout(timer);
  timer = setTimeout(() => {
    process.send?.({ changed: [...changed] });
    changed.clear();
  }, SETTLE_MS);
}

/** @param {ts.Diagnostic} diagnostic */
function report(diagnostic) {
  console.error(
    ts
      .formatDiagnostic(diagnostic, {
        getCanonicalFileName: (name) => name,
        getCurrentDirectory: () => ROOT,
        getNewLine: () => '\n',
      })
      .trimEnd(),
  );
}

/** @returns {string[]} configuration files, a package after those it depends on */
function buildConfigs() {
  /** @type {Map<string, { config: string, needs: string[] }>} */
  const packages = new Map();
  for (const group of ['packages', 'apps']) {
    for (const folder of readdirSync(join(ROOT, group))) {
      const config = join(ROOT, group, folder, 'tsconfig.build.json');
      if (!existsSync(config)) continue;
      const manifest = JSON.parse(readFileSync(join(ROOT, group, folder, 'package.json'), 'utf8'));
      packages.set(manifest.name, { config, needs: Object.keys(manifest.dependencies ?? {}) });
    }
  }
  /** @type {string[]} */
  const sorted = [];
  const add = (/** @type {string} */ name) => {
    const found = packages.get(name);
    if (!found) return;
    packages.delete(name);
    found.needs.forEach(add);
    sorted.push(found.config);
  };
  for (const name of [...packages.keys()]) add(name);
  return sorted;
}

process.on('disconnect', () => process.exit(0));
for (const config of buildConfigs()) {
  const host = ts.createWatchCompilerHost(
    config,
    {},
    { ...ts.sys, writeFile: writeChanged },
    ts.createEmitAndSemanticDiagnosticsBuilderProgram,
    report,
    () => {},
  );
  ts.createWatchProgram(host);
}
process.send?.({ watching: true });
