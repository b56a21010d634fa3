import { jestPreset } from '@labelyard/presets/jest';

const preset = jestPreset({ name: 'web', react: true });

export default { ...preset, moduleNameMapper: { ...preset.moduleNameMapper, '^@/(.*)$': '<rootDir>/src/$1' } };
