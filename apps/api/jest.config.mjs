import { jestPreset } from '@labelyard/presets/jest';

export default {
  ...jestPreset({ name: 'api', decorators: true, native: true }),
  // One more than jest would take: they wait for databases and clocks more than they compute.
  maxWorkers: '100%',
};
