import { eslintPreset } from '@labelyard/presets/eslint';

export default eslintPreset({ package: 'formats', root: import.meta.dirname });
