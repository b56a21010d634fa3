import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../test/run-yard.js';
import { YardError } from '../cli/yard-error.js';
import { loadProfiles } from './load-profiles.js';

function folderWith(files: Record<string, string>): ReturnType<typeof temporaryFolder> {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder.path, name, '..'), { recursive: true });
    writeFileSync(join(folder.path, name), text);
  }
  return folder;
}

async function refusal(work: () => unknown): Promise<YardError> {
  try {
    await work();
  } catch (error) {
    if (error instanceof YardError) return error;
    throw error;
  }
  throw new Error('It was taken.');
}

test('a file, the prefixed environment and written values come together in this order', async () => {
  using folder = folderWith({
    'yard.config.ts': `export default { profiles: { far: {
      env_file: 'far.env', env_prefix: 'FAR_', env: { PORT: '3' }, urls: { api: 'https://api.example' } } } };`,
    'far.env': 'PORT=1\nHOST=one\nLOG_LEVEL="debug" # loud\n',
    'deep/below/x': '',
  });
  const profiles = await loadProfiles(join(folder.path, 'deep', 'below'), {
    FAR_HOST: 'two',
    FAR_PORT: '2',
    HOST: 'no',
  });
  expect(profiles.root).toBe(folder.path);
  expect(profiles.get('far')).toMatchObject({
    env: { PORT: '3', HOST: 'two', LOG_LEVEL: 'debug' },
    origin: 'far.env',
  });
  expect(profiles.names).toEqual(['local', 'far']);
});

test('without a configuration there is local, beside the workspace’s own file', async () => {
  using folder = folderWith({
    'pnpm-workspace.yaml': '',
    'a/b/x': '',
    '.labelyard/local.env': 'PORT=8011\n',
  });
  const profiles = await loadProfiles(join(folder.path, 'a', 'b'), {});
  expect(profiles.root).toBe(folder.path);
  expect(profiles.get('local').env).toEqual({ PORT: '8011' });
  const elsewhere = await loadProfiles(folder.path, { LABELYARD_DATA_DIR: join(folder.path, 'none') });
  expect((await refusal(() => elsewhere.get('local'))).message).toContain(join(folder.path, 'none', 'local.env'));
});

test('a configuration that is named is used, and must be there', async () => {
  using folder = folderWith({ 'other.ts': `export default { profiles: { near: {} } };` });
  expect((await loadProfiles(folder.path, {}, 'other.ts')).names).toContain('near');
  expect((await refusal(() => loadProfiles(folder.path, {}, 'none.ts'))).message).toContain('none.ts does not exist.');
});

test.each([
  ['export default {', 'cannot be loaded'],
  ['export const profiles = {};', 'is not usable'],
  ['export default { profiles: { x: { env_flie: "a" } } };', 'env_flie'],
  ['export default { profiles: { x: { env_prefix: "far" } } };', 'capital letters'],
  ['export default { profiles: { x: { env: { PORT: 1 } } } };', 'profiles.x.env.PORT'],
  ['throw new Error("no vault");', 'no vault'],
])('the configuration %j is refused: %s', async (text, why) => {
  using folder = folderWith({ 'yard.config.ts': text });
  const { exit, message, next } = await refusal(() => loadProfiles(folder.path, {}));
  expect(exit).toBe('bad_input');
  expect(message).toContain('yard.config.ts');
  expect(message).toContain(why);
  expect(next).toContain('yard help profiles');
});

test('an environment nobody defined, and one that sounds alike', async () => {
  using folder = folderWith({ 'yard.config.ts': 'export default { profiles: { railway: {} } };' });
  const profiles = await loadProfiles(folder.path, {});
  expect((await refusal(() => profiles.get('railwya'))).next).toContain('Did you mean "railway"?');
  expect((await refusal(() => profiles.get('toString'))).next).toContain('Use one of local, railway');
});

test('an env file that is not there, with the command that makes it', async () => {
  using folder = folderWith({
    'yard.config.ts': `export default { profiles: { far: { env_file: 'far.env' } } };`,
    'pnpm-workspace.yaml': '',
  });
  const profiles = await loadProfiles(folder.path, {});
  const far = await refusal(() => profiles.get('far'));
  expect(far.message).toContain('far.env, which cannot be read (ENOENT)');
  expect(far.next).toContain('yard env render --env far --show-secrets --out far.env');
  expect((await refusal(() => profiles.get('local'))).next).toContain('npm start');
  expect(profiles.get('far', { draft: true }).env).toEqual({});
});

test('a line of an env file that says nothing is named: it would be lost in silence', async () => {
  using folder = folderWith({
    'yard.config.ts': `export default { profiles: { far: { env_file: 'far.env' } } };`,
    'far.env': '# fine\nexport PORT=1\nKEY="two\nlines"\n\nJWT_SECRET secret\n9LIVES=1\n',
  });
  const { message } = await refusal(async () => (await loadProfiles(folder.path, {})).get('far'));
  expect(message).toMatch(/far\.env.*line 6/su);
  expect(message).toMatch(/line 7/u);
  expect(message).not.toContain('secret');
});
