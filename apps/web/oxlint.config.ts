import { lintPreset } from '@labelyard/presets/oxlint';

const preset = lintPreset({ package: 'web', react: true, ignores: ['e2e/*.mjs'] });

export default {
  ...preset,
  overrides: [
    ...(preset.overrides ?? []),
    // What starts the stack is plain JavaScript, checked by the compiler (`@ts-check`), and stands outside the layers.
    {
      files: ['e2e/stack/*.mjs'],
      rules: { 'no-restricted-imports': 'off', 'typescript/no-unnecessary-type-assertion': 'off' },
    },
  ],
};
