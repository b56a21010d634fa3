import { createInterface } from 'node:readline';
import { createUserDb } from '@labelyard/db';
import { DomainError } from '@labelyard/domain';
import { runCommand, say } from './command.js';
import { readAdminEnv } from './env.js';
import { addPeople } from './people/add-people.js';

// Standalone use: adds people from JSON lines on stdin, so that passwords stand in no process list. Says who has which id.
await runCommand(async () => {
  const { user_db_admin } = readAdminEnv();
  if (!user_db_admin)
    throw new DomainError(
      'forbidden',
      'The User DB belongs to the Platform: add people there, or set USER_DB_MANAGED=true',
    );
  const db = await createUserDb({ ...user_db_admin, applicationName: 'labelyard-people' });
  try {
    const people = await addPeople(db, createInterface({ input: process.stdin }));
    for (const { id, email } of people) say(JSON.stringify({ id, email }));
  } finally {
    await db.close();
  }
});
