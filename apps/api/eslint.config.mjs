import { eslintPreset } from '@labelyard/presets/eslint';

export default [{ ignores: ['test/*.mjs'] }, ...eslintPreset({ package: 'api', root: import.meta.dirname })];
