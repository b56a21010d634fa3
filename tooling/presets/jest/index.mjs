// The one jest preset. TypeScript is compiled by swc; tests see the *source* of workspace packages,
// so a stale `dist` can never make a test pass or fail.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(import.meta.dirname, '..', '..', '..');

/** Maps `@labelyard/x` and `@labelyard/x/sub` to the TypeScript file each package's `exports` is built from. */
function workspaceSources() {
  const mapper = {};
  for (const group of ['packages', 'tooling']) {
    for (const folder of readdirSync(join(root, group))) {
      const manifest = join(root, group, folder, 'package.json');
      if (!existsSync(manifest)) continue;
      const { name, exports = {} } = JSON.parse(readFileSync(manifest, 'utf8'));
      for (const [subpath, target] of Object.entries(exports)) {
        const built = typeof target === 'string' ? target : target.default;
        if (!built?.startsWith('./dist/')) continue;
        const source = built.replace('./dist/', './src/').replace(/\.js$/, '.ts');
        mapper[`^${name}${subpath.slice(1)}$`] = join(root, group, folder, source);
      }
    }
  }
  return mapper;
}

/**
 * @param {{ name: string, decorators?: boolean, react?: boolean, native?: boolean }} options `native`: test files share the
 *   modules they import (native-runtime.mjs)
 * @returns {import('jest').Config}
 */
export function jestPreset({ name, decorators = false, react = false, native = false }) {
  const swc = {
    isModule: true,
    jsc: {
      target: 'es2024',
      parser: { syntax: 'typescript', tsx: react, decorators },
      transform: {
        ...(decorators && { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false }),
        ...(react && { react: { runtime: 'automatic' } }),
      },
      keepClassNames: true,
    },
    module: { type: 'es6' },
  };
  return {
    ...(native && {
      runtime: join(import.meta.dirname, 'native-runtime.mjs'),
      globals: { NATIVE_MODULES: { sources: workspaceSources(), swc } },
    }),
    displayName: name,
    testEnvironment: 'node',
    roots: ['<rootDir>/src', '<rootDir>/test'].filter((dir) => existsSync(dir.replace('<rootDir>', process.cwd()))),
    testMatch: ['**/*.spec.ts', '**/*.spec.tsx'],
    extensionsToTreatAsEsm: ['.ts', '.tsx'],
    moduleNameMapper: { ...workspaceSources(), '^(\\.{1,2}/.*)\\.js$': ['$1', '$1.js'] },
    transform: {
      '\\.tsx?$': [fileURLToPath(import.meta.resolve('@swc/jest')), swc],
    },
    // Tells a test that hangs from one that waits for its turn on a busy machine; nothing is measured by it.
    testTimeout: 60_000,
    // Coloured one-line summary for people, machine-readable counts for `npm test`.
    reporters: ['default', [join(import.meta.dirname, 'count-reporter.mjs'), { name }]],
  };
}
