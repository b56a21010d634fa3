// Loads TypeScript and the workspace's sources with Node's own module system, once per process: what jest does for each test
// file anew costs seconds for a program of a thousand modules.
import { transformSync } from '@swc/core';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const TYPESCRIPT = /\.tsx?$/u;

/**
 * @param {object} options
 * @param {Record<string, string>} options.sources files behind the names of workspace packages, by pattern
 * @param {object} options.swc
 * @param {string} options.cacheFolder of compiled modules, kept between runs
 * @returns {ReadonlyMap<string, string>} files of source maps by the address of what they are of, as it grows
 */
export function loadNatively({ sources, swc, cacheFolder }) {
  const packages = Object.entries(sources).map(([pattern, file]) => [
    new RegExp(pattern, 'u'),
    pathToFileURL(file).href,
  ]);
  /** @type {Map<string, string>} */
  const sourceMaps = new Map();
  const salt = JSON.stringify([swc, process.version, readVersion()]);
  mkdirSync(cacheFolder, { recursive: true });

  const compile = (/** @type {string} */ file, /** @type {string} */ url) => {
    const text = readFileSync(file, 'utf8');
    const hash = createHash('sha256').update(salt).update(file).update(text).digest('hex').slice(0, 32);
    const [compiled, map] = [join(cacheFolder, `${hash}.mjs`), join(cacheFolder, `${hash}.map`)];
    sourceMaps.set(url, map);
    if (existsSync(compiled)) return readFileSync(compiled, 'utf8');
    const made = transformSync(text, { ...swc, filename: file, sourceMaps: true, configFile: false, swcrc: false });
    writeWhole(map, made.map ?? '{}');
    writeWhole(compiled, made.code);
    return made.code;
  };

  registerHooks({
    resolve(specifier, context, next) {
      for (const [pattern, url] of packages) if (pattern.test(specifier)) return { url, shortCircuit: true };
      if (specifier.startsWith('.') && context.parentURL?.startsWith('file:') && specifier.endsWith('.js')) {
        const source = new URL(specifier.replace(/\.js$/u, '.ts'), context.parentURL);
        if (TYPESCRIPT.test(withoutQuery(context.parentURL)) && existsSync(fileURLToPath(source)))
          return { url: source.href, shortCircuit: true };
      }
      return next(specifier, context);
    },
    load(url, context, next) {
      const plain = withoutQuery(url);
      if (!plain.startsWith('file:') || !TYPESCRIPT.test(plain)) return next(url, context);
      return { format: 'module', source: compile(fileURLToPath(plain), url), shortCircuit: true };
    },
  });
  return sourceMaps;
}

/** Other processes may write the same file at the same moment. @param {string} file @param {string} text */
function writeWhole(file, text) {
  const part = `${file}.${process.pid}`;
  writeFileSync(part, text);
  renameSync(part, file);
}

/** @param {string} url */
function withoutQuery(url) {
  return url.split('?')[0] ?? url;
}

function readVersion() {
  const manifest = join(dirname(fileURLToPath(import.meta.resolve('@swc/core'))), 'package.json');
  return JSON.parse(readFileSync(manifest, 'utf8')).version;
}
