// One lint configuration for every package: type-checked rules plus the house rules of docs/adr/0002.
import js from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';
import { importRules } from './imports.mjs';

/** The only files that may read the environment. */
const ENV_READERS = [
  'src/env.ts',
  'src/testing/env.ts',
  'test/env.ts',
  'src/env.public.ts',
  'e2e/env.ts',
  'playwright.config.ts',
];

const noEnv = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'Only env.ts reads process.env; take the value as an option (docs/adr/0002).',
};

/**
 * @param {{ package: string, root: string, react?: boolean }} options package folder name, its directory
 * @returns {import('eslint').Linter.Config[]}
 */
export function eslintPreset({ package: name, root, react = false }) {
  return tseslint.config(
    {
      ignores: [
        'dist/**',
        '.next/**',
        'reports/**',
        'coverage/**',
        '*.config.*',
        'next-env.d.ts',
        'dev.mjs',
        'e2e/*.mjs',
      ],
    },
    js.configs.recommended,
    ...tseslint.configs.recommendedTypeChecked,
    {
      languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: root } },
      linterOptions: { reportUnusedDisableDirectives: 'error' },
      rules: {
        'no-restricted-syntax': ['error', noEnv],
        'no-restricted-imports': ['error', importRules(name)],
        '@typescript-eslint/consistent-type-imports': 'off',
        '@typescript-eslint/no-explicit-any': 'error',
        '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
        '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
        '@typescript-eslint/require-await': 'off',
        '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
        '@typescript-eslint/no-floating-promises': 'error',
        'no-console': 'error',
        'no-empty': ['error', { allowEmptyCatch: false }],
        'max-lines': ['warn', { max: 350, skipBlankLines: true, skipComments: true }],
        eqeqeq: ['error', 'always', { null: 'ignore' }],
      },
    },
    ...(react
      ? [
          reactHooks.configs.flat['recommended-latest'],
          // Components around a virtualizer opt out of the compiler by 'use no memo'; the rule cannot see that.
          { rules: { 'react-hooks/incompatible-library': 'off' } },
        ]
      : []),
    { files: ENV_READERS, rules: { 'no-restricted-syntax': 'off' } },
    {
      files: ['**/*.spec.ts', '**/*.spec.tsx', 'test/**', 'e2e/**'],
      rules: {
        'max-lines': 'off',
        '@typescript-eslint/no-unsafe-assignment': 'off',
        '@typescript-eslint/no-unsafe-member-access': 'off',
        '@typescript-eslint/no-unsafe-argument': 'off',
        '@typescript-eslint/no-unsafe-call': 'off',
        '@typescript-eslint/no-unsafe-return': 'off',
        '@typescript-eslint/unbound-method': 'off',
      },
    },
  );
}
