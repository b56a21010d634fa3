import { jestPreset } from '@labelyard/presets/jest';

export default {
  ...jestPreset({ name: 'dev' }),
  testMatch: ['**/*.spec.mjs'],
  // Real servers start and stop here; a busy machine takes its time.
  testTimeout: 120_000,
};
