// Repository checks that no linter knows: names, folders, manifests. Prints every breach, exits 1 if there is one.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { MAY_IMPORT } from '../oxlint/imports.mjs';

const root = join(import.meta.dirname, '..', '..', '..');
const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
});
const files = tracked.split('\n').filter((file) => file && existsSync(join(root, file)));
const breaches = [];

const BANNED = [
  'utils',
  'util',
  'helpers',
  'helper',
  'misc',
  'common',
  'shared',
  'lib',
  'types',
  'constants',
  'interfaces',
];

/** A helper is named by its noun and lives with its user. */
function checkNames() {
  for (const file of files) {
    const parts = file.split('/').map((part) => part.replace(/\.[^.]+$/u, ''));
    const bad = parts.find((part) => BANNED.includes(part));
    if (bad) breaches.push(`${file}: "${bad}" says nothing; name it by its subject`);
  }
}

/** Depth at most 3 under any src (routes of the web follow their URLs); no folder for one file. */
function checkFolders() {
  const inSource = files.filter((file) => /(^|\/)src\//u.test(file) && !file.includes('/src/app/'));
  const members = new Map();
  for (const file of inSource) {
    const below = file.slice(file.indexOf('src/') + 4).split('/');
    if (below.length > 4) breaches.push(`${file}: more than three folders below src`);
    for (let dir = dirname(file); !dir.endsWith('/src'); dir = dirname(dir)) {
      members.set(dir, (members.get(dir) ?? 0) + 1);
      if (!dir.includes('/src/')) break;
    }
  }
  // A folder of migrations begins with its first one.
  for (const [dir, count] of members)
    if (count === 1 && !dir.includes('/migrations/')) breaches.push(`${dir}: a folder for one file`);
  for (const file of inSource) {
    if (/\/src\/.+\/index\.[cm]?[jt]sx?$/u.test(file) && !file.includes('/src/testing/index.')) {
      breaches.push(`${file}: barrels stand only at a package's edge`);
    }
  }
}

const STANDARD_SCRIPTS = ['build', 'typecheck', 'lint', 'test'];

/** turbo silently skips a package without the script; a version outside the catalog drifts. */
function checkManifests() {
  for (const file of files.filter((name) => basename(name) === 'package.json' && name.includes('/'))) {
    const manifest = JSON.parse(readFileSync(join(root, file), 'utf8'));
    const folder = basename(dirname(file));
    if (folder !== 'presets') {
      for (const script of STANDARD_SCRIPTS)
        if (!manifest.scripts?.[script]) breaches.push(`${file}: no script "${script}"`);
    }
    for (const group of ['dependencies', 'devDependencies']) {
      for (const [name, version] of Object.entries(manifest[group] ?? {})) {
        if (version !== 'catalog:' && version !== 'workspace:*')
          breaches.push(`${file}: ${name} is not from the catalog`);
      }
    }
    const allowed = MAY_IMPORT[folder];
    if (!allowed || manifest.name !== `@labelyard/${folder}`) continue;
    for (const name of Object.keys(manifest.dependencies ?? {})) {
      const other = name.startsWith('@labelyard/') && name.slice('@labelyard/'.length);
      if (other && !allowed.includes(other)) breaches.push(`${file}: may not depend on ${name} (docs/adr/0002)`);
    }
  }
}

/** Nothing of one machine belongs into the repository. */
function checkTexts() {
  const texts = files.filter(
    (file) => /\.(m?[jt]sx?|json|md|toml|ya?ml|css|sh|sql)$/u.test(file) && file !== 'pnpm-lock.yaml',
  );
  for (const file of texts) {
    if (file.startsWith('tooling/presets/checks/')) continue;
    const text = readFileSync(join(root, file), 'utf8');
    for (const [pattern, why] of [
      [/\/(root|home\/\w+|Users\/\w+)\/\w/u, 'a path of one machine'],
      [/registry\.npmjs\.org|registry\.yarnpkg/u, 'a registry host'],
      [/\bTODO\b|\bFIXME\b/u, 'unfinished business: finish it or file it'],
    ]) {
      if (pattern.test(text)) breaches.push(`${file}: holds ${why}`);
    }
  }
}

checkNames();
checkFolders();
checkManifests();
checkTexts();
for (const breach of breaches) console.error(`✗ ${breach}`);
if (breaches.length > 0) process.exit(1);
