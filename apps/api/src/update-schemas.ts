import { createLabelerDb, createUserDb, grantReader, runMigrations } from '@labelyard/db';
import type { AdminEnv } from './env.js';
import { migrateQueue } from './jobs/migrate-queue.js';

type Say = (line: string) => void;

/** Brings the Labeler DB, the queue in it, and a User DB of ours up to date, each under a lock. Says what it did. */
export async function updateSchemas(env: AdminEnv, say: Say): Promise<void> {
  await updateLabelerDb(env, say);
  await updateUserDb(env, say);
}

async function updateLabelerDb({ labeler_db }: AdminEnv, say: Say): Promise<void> {
  const options = { ...labeler_db, applicationName: 'labelyard-migrate' };
  const db = await createLabelerDb(options);
  try {
    const { applied, revision } = await runMigrations(db, {
      log: say,
      afterwards: () =>
        migrateQueue(options, (level, message) => {
          if (level !== 'debug') say(`queue: ${message}`);
        }),
    });
    say(summary('Labeler DB', applied, revision));
  } finally {
    await db.close();
  }
}

/** Only where the User DB is ours: elsewhere its schema and roles belong to the Platform. */
async function updateUserDb({ user_db, user_db_admin }: AdminEnv, say: Say): Promise<void> {
  if (!user_db_admin) return say('User DB: belongs to the Platform (USER_DB_MANAGED is not set), left alone');
  const db = await createUserDb({ ...user_db_admin, applicationName: 'labelyard-migrate' });
  try {
    const { applied, revision } = await runMigrations(db, { log: say });
    const role = await grantReader(db, { reader: user_db.url, owner: user_db_admin.url });
    if (role) say(`User DB: ${role} may read people and organizations and write invitations`);
    say(summary('User DB', applied, revision));
  } finally {
    await db.close();
  }
}

function summary(name: string, applied: readonly string[], revision: string | null): string {
  const count = applied.length === 1 ? '1 migration' : `${applied.length} migrations`;
  return `${name}: ${applied.length === 0 ? 'nothing to do' : `${count} applied`}, at ${revision ?? 'no revision'}`;
}
