import { eslintPreset } from '@labelyard/presets/eslint';

export default eslintPreset({ package: 'editor', root: import.meta.dirname });
