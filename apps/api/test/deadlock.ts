import type { LabelerDb } from '@labelyard/db';

/** Postgres ends the next transaction that writes to the table as the loser of a deadlock, and no other after it. */
export async function loseNextDeadlock({ sql }: LabelerDb, table: string): Promise<AsyncDisposable> {
  await sql.run('create sequence deadlocks');
  await sql.run(`create function lose_deadlock() returns trigger language plpgsql as $$ begin
    if nextval('deadlocks') = 1 then raise exception 'deadlock detected' using errcode = 'deadlock_detected'; end if;
    return null;
  end $$`);
  await sql.run(`create trigger lose_deadlock after insert on ${table} execute function lose_deadlock()`);
  return {
    async [Symbol.asyncDispose]() {
      const row = await sql.one<{ met: boolean }>('select is_called as met from deadlocks');
      await sql.run('drop function lose_deadlock() cascade');
      await sql.run('drop sequence deadlocks');
      if (!row?.met) throw new Error(`Nothing was written to ${table}`);
    },
  };
}
