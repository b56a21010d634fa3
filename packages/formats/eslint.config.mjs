import { eslintPreset } from '@labelyard/presets/eslint';

// Virtual environments of consumers bring scripts of their own.
export default [{ ignores: ['.cache/**'] }, ...eslintPreset({ package: 'formats', root: import.meta.dirname })];
