import { eslintPreset } from '@labelyard/presets/eslint';

export default [
  ...eslintPreset({ package: 'web', react: true, root: import.meta.dirname }),
  // What starts the stack is plain JavaScript, checked by the compiler (`@ts-check`), and stands outside the layers.
  { files: ['e2e/stack/*.mjs'], rules: { 'no-undef': 'off', 'no-restricted-imports': 'off' } },
];
