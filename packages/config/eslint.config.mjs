import { eslintPreset } from '@labelyard/presets/eslint';

export default eslintPreset({ package: 'config', root: import.meta.dirname });
