// Lint of what is not a TypeScript package: the plain-JavaScript tooling, which the compiler checks by its own configuration.
import { HOUSE_RULES } from '@labelyard/presets/oxlint';
import { defineConfig } from 'oxlint';

export default defineConfig({
  plugins: ['oxc'],
  categories: { correctness: 'error' },
  options: { reportUnusedDisableDirectives: 'error' },
  env: { builtin: true, node: true },
  ignorePatterns: ['**/*.ts', '**/dist/**', '**/reports/**', '.cache/**', '.labelyard/**'],
  rules: { ...HOUSE_RULES, 'no-console': 'off', 'no-undef': 'error' },
  overrides: [{ files: ['**/*.spec.mjs'], env: { jest: true } }],
});
