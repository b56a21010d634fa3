import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { apiFlags } from './api-flags.mjs';
import { API_FOLDER } from './programs.mjs';

test('Railway starts the API with the flags every other start uses', () => {
  const flags = apiFlags(API_FOLDER);
  const railway = readFileSync(join(API_FOLDER, 'railway.toml'), 'utf8');
  const [, command = ''] = /^startCommand = "(.*)"$/mu.exec(railway) ?? [];
  expect(command.split(' ')).toEqual(['node', ...flags, 'apps/api/dist/main.js']);
  expect(flags.length).toBeGreaterThan(0);
});
