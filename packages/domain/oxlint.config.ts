import { lintPreset } from '@labelyard/presets/oxlint';

export default lintPreset({ package: 'domain' });
