import { eslintPreset } from '@labelyard/presets/eslint';

export default eslintPreset({ package: 'db', root: import.meta.dirname });
