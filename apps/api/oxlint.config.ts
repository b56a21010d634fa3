import { lintPreset } from '@labelyard/presets/oxlint';

export default lintPreset({ package: 'api', ignores: ['test/*.mjs'] });
