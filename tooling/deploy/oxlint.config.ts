import { lintPreset } from '@labelyard/presets/oxlint';

export default lintPreset({ package: 'deploy', ignores: ['bin/**'] });
