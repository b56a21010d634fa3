import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { withoutLauncherSettings, withPath, withWritableHome } from './environment.mjs';

test('what npm start sets is dropped; the way to the registry and everything else stays', () => {
  const kept = {
    PATH: '/bin',
    LABELYARD_DATA_DIR: '/data',
    npm_config_registry: 'https://r.example/',
    'npm_config_@acme:registry': 'https://a.example/',
    'npm_config_//r.example/:_authToken': 'secret',
    npm_config_cafile: '/ca.pem',
    npm_config_https_proxy: 'http://p',
    NPM_CONFIG_CACHE: '/cache',
    npm_config_userconfig: '/u',
    pnpm_config_registry: 'https://r.example/',
  };
  const dropped = {
    npm_lifecycle_event: 'start',
    npm_package_name: 'labelyard',
    npm_execpath: '/npm-cli.js',
    npm_config_prefix: '/usr',
    npm_config_local_prefix: '/work',
    npm_config_omit: 'dev',
    npm_config_loglevel: 'silent',
    npm_config_ignore_scripts: 'true',
    npm_config_user_agent: 'npm/11',
    npm_command: 'run-script',
    PNPM_SCRIPT_SRC_DIR: '/work',
    INIT_CWD: '/work',
    NODE_ENV: 'production',
  };
  const result = withoutLauncherSettings({ ...kept, ...dropped });
  expect(result).toMatchObject(kept);
  for (const name of Object.keys(dropped)) expect(result).not.toHaveProperty([name]);
  expect(result.DO_NOT_TRACK).toBe('1');
});

test('a HOME that cannot be used is replaced, keeping the person’s npm configuration', () => {
  const folder = mkdtempSync(join(tmpdir(), 'home-'));
  const substitute = join(folder, 'substitute');
  const userconfig = join(folder, '.npmrc');
  writeFileSync(userconfig, '');
  expect(withWritableHome({ HOME: folder }, substitute)).toEqual({ HOME: folder });
  expect(existsSync(substitute)).toBe(false);

  expect(withWritableHome({ HOME: join(folder, 'absent') }, substitute)).toEqual({ HOME: substitute });
  expect(withWritableHome({ HOME: userconfig }, substitute)).toEqual({ HOME: substitute });
  expect(existsSync(substitute)).toBe(true);

  const readOnly = () => false;
  expect(withWritableHome({ HOME: folder }, substitute, readOnly)).toEqual({
    HOME: substitute,
    npm_config_userconfig: userconfig,
  });
  const given = { HOME: folder, npm_config_userconfig: '/mine' };
  expect(withWritableHome(given, substitute, readOnly).npm_config_userconfig).toBe('/mine');
  rmSync(folder, { recursive: true, force: true });
});

test('folders come first on PATH, whatever its spelling', () => {
  expect(withPath({ PATH: '/bin' }, ['/a', '/b'])).toEqual({ PATH: ['/a', '/b', '/bin'].join(delimiter) });
  expect(withPath({ Path: 'C:\\bin' }, ['C:\\a'])).toEqual({ Path: ['C:\\a', 'C:\\bin'].join(delimiter) });
  expect(withPath({}, ['/a'])).toEqual({ PATH: '/a' });
});
