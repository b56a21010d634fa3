import { eslintPreset } from '@labelyard/presets/eslint';

export default eslintPreset({ package: 'storage', root: import.meta.dirname });
