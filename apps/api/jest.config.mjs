import { jestPreset } from '@labelyard/presets/jest';

export default { ...jestPreset({ name: 'api', decorators: true }), setupFiles: ['<rootDir>/test/preload-nest.mjs'] };
