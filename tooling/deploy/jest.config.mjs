import { jestPreset } from '@labelyard/presets/jest';

export default jestPreset({ name: 'deploy', decorators: true });
