import { StorageError } from '@labelyard/storage';
import { listBackups } from '../database/backup/backup-store.js';
import { TOO_OLD_HOURS } from '../database/backup/retention.js';
import { DATABASES, userDatabase } from '../ends/open-ends.js';
import { type Check, ok, Skip, warn } from './check.js';
import { DATABASE_TITLES } from './database-checks.js';
import { skipEmpty } from './schema-checks.js';

const HOUR_MS = 3_600_000;

/** Whether there is a copy of last night to fall back on. */
export const BACKUP_CHECKS: readonly Check[] = DATABASES.map((name) => ({
  id: `${name}_db.backup`,
  title: `${DATABASE_TITLES[name]}’s newest backup`,
  why: 'What was written since is lost with the database.',
  async run({ parts, profile, signal }) {
    if (name === 'user' && userDatabase(profile) === null)
      throw new Skip('The Platform looks after it (USER_DB_MANAGED is not set).');
    await skipEmpty(await parts.rows(name));
    const all = await listBackups(parts.storage().storage.annotations, signal).catch((error: unknown) => {
      if (error instanceof StorageError) throw new Skip('The storage cannot be reached.');
      throw error;
    });
    const [newest] = all.filter(({ database }) => database === name);
    const next = `yard db backup --env ${profile.name} --database ${name}, every night; then yard db drill with the same options.`;
    if (!newest) return warn('there is none', next);
    const hours = (Date.now() - Date.parse(newest.made_at)) / HOUR_MS;
    const seen = `${newest.id}, ${hours.toFixed(1)} hours old`;
    return hours > TOO_OLD_HOURS ? warn(seen, next) : ok(seen);
  },
}));
