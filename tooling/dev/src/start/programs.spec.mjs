import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { API_FLAGS, API_FOLDER } from './programs.mjs';

test('Railway starts the API with the flags every other start uses', () => {
  const railway = readFileSync(join(API_FOLDER, 'railway.toml'), 'utf8');
  const [, command = ''] = /^startCommand = "(.*)"$/mu.exec(railway) ?? [];
  expect(command.split(' ')).toEqual(['node', ...API_FLAGS, 'apps/api/dist/main.js']);
  expect(API_FLAGS.length).toBeGreaterThan(0);
});
