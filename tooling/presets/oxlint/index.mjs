// One lint configuration for every package: oxlint's rules for wrong code, the strict ones about types, and the house rules of docs/adr/0002.
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
const TESTS = ['**/*.spec.ts', '**/*.spec.tsx', 'test/**', 'e2e/**'];

/** Beyond oxlint's category "correctness", in every language of this repository. */
export const HOUSE_RULES = {
  'no-console': 'error',
  'no-empty': ['error', { allowEmptyCatch: false }],
  'max-lines': ['error', { max: 350, skipBlankLines: true, skipComments: true }],
  eqeqeq: ['error', 'always', { null: 'ignore' }],
  'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
  'no-case-declarations': 'error',
  'no-fallthrough': 'error',
  'no-prototype-builtins': 'error',
  'no-redeclare': 'error',
  'no-regex-spaces': 'error',
  'no-unexpected-multiline': 'error',
  'no-useless-assignment': 'error',
  'no-var': 'error',
  'prefer-const': 'error',
  'prefer-rest-params': 'error',
  'prefer-spread': 'error',
  'preserve-caught-error': 'error',
};

const TYPE_RULES = {
  // The compiler's, which knows that a type and a value may share a name.
  'no-redeclare': 'off',
  // Texts are sorted by their code units wherever it does not matter how.
  'typescript/require-array-sort-compare': 'off',
  'typescript/ban-ts-comment': 'error',
  'typescript/no-empty-object-type': 'error',
  'typescript/no-explicit-any': 'error',
  'typescript/no-misused-promises': 'error',
  'typescript/no-namespace': 'error',
  'typescript/no-require-imports': 'error',
  'typescript/no-unnecessary-type-assertion': 'error',
  'typescript/no-unnecessary-type-constraint': 'error',
  'typescript/no-unsafe-enum-comparison': 'error',
  'typescript/no-unsafe-function-type': 'error',
  'typescript/only-throw-error': 'error',
  'typescript/prefer-promise-reject-errors': 'error',
  'typescript/restrict-plus-operands': 'error',
  'typescript/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
  'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
};

/** A value that nobody knows the type of goes nowhere; tests look at such answers and say what they expect. */
const ANY_RULES = {
  'typescript/no-unsafe-argument': 'error',
  'typescript/no-unsafe-assignment': 'error',
  'typescript/no-unsafe-call': 'error',
  'typescript/no-unsafe-member-access': 'error',
  'typescript/no-unsafe-return': 'error',
  'typescript/unbound-method': 'error',
};

const REACT_RULES = {
  'react/rules-of-hooks': 'error',
  'react/unsupported-syntax': 'error',
  // Components around a virtualizer opt out of the compiler by 'use no memo'; the rule cannot see that.
  'react/incompatible-library': 'off',
};

/** @param {Record<string, unknown>} rules */
const off = (rules) => Object.fromEntries(Object.keys(rules).map((rule) => [rule, 'off']));

/**
 * @param {{ package: string, react?: boolean, ignores?: readonly string[] }} options package folder name; `ignores`: besides what every
 *   package has that is not its source
 * @returns {import('oxlint').OxlintConfig}
 */
export function lintPreset({ package: name, react = false, ignores = [] }) {
  return /** @type {import('oxlint').OxlintConfig} */ ({
    plugins: ['typescript', 'oxc', 'node', ...(react ? ['react'] : [])],
    categories: { correctness: 'error' },
    options: { typeAware: true, reportUnusedDisableDirectives: 'error' },
    env: { builtin: true },
    ignorePatterns: ['dist/**', '.next/**', 'reports/**', '*.config.*', 'next-env.d.ts', 'dev.mjs', ...ignores],
    rules: {
      ...HOUSE_RULES,
      ...TYPE_RULES,
      ...ANY_RULES,
      ...(react ? REACT_RULES : {}),
      'node/no-process-env': 'error',
      'no-restricted-imports': ['error', importRules(name)],
    },
    overrides: [
      { files: ENV_READERS, rules: { 'node/no-process-env': 'off' } },
      { files: TESTS, rules: { ...off(ANY_RULES), 'max-lines': 'off' } },
    ],
  });
}
