import { eslintPreset } from '@labelyard/presets/eslint';

export default eslintPreset({ package: 'deploy', root: import.meta.dirname });
