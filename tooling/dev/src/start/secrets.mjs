// Passwords and signing keys of one installation: made once, kept in its data folder, readable by its owner only.
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const NAMES = /** @type {const} */ ([
  'database_superuser_password',
  'labelyard_password',
  'labeler_directory_password',
  'jwt_secret',
  'disk_signing_secret',
]);

/** @typedef {Record<typeof NAMES[number], string>} Secrets */

/**
 * @param {string} dataDir
 * @returns {Secrets}
 */
export function loadSecrets(dataDir) {
  const file = join(dataDir, 'secrets.json');
  /** @type {Partial<Secrets>} */
  let known = {};
  if (existsSync(file)) {
    try {
      known = JSON.parse(readFileSync(file, 'utf8'));
    } catch (error) {
      throw new Error(
        `${file} cannot be read: ${/** @type {Error} */ (error).message}. Restore it from a backup: the passwords of the database are in it.`,
        {
          cause: error,
        },
      );
    }
  } else if (existsSync(join(dataDir, 'postgres'))) {
    throw new Error(
      `${file} is missing, but ${join(dataDir, 'postgres')} holds a database made with its passwords. ` +
        'Restore the file from a backup, or move the whole data folder aside to start anew. Nothing was changed.',
    );
  }
  const missing = NAMES.filter((name) => !known[name]);
  if (missing.length === 0) return /** @type {Secrets} */ (known);

  const secrets = { ...known };
  for (const name of missing) secrets[name] = randomBytes(36).toString('base64url');
  writeFileSync(`${file}.new`, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
  return /** @type {Secrets} */ (secrets);
}
