import { eslintPreset } from '@labelyard/presets/eslint';

export default eslintPreset({ package: 'domain', root: import.meta.dirname });
