import { eslintPreset } from '@labelyard/presets/eslint';

export default eslintPreset({ package: 'contract', root: import.meta.dirname });
