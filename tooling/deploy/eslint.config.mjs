import { eslintPreset } from '@labelyard/presets/eslint';

export default [{ ignores: ['bin/**'] }, ...eslintPreset({ package: 'deploy', root: import.meta.dirname })];
