import type { Session } from './session.js';

interface Failed {
  readonly statement: string;
  readonly error: unknown;
}

/**
 * Runs statements that may need each other, in one transaction: what fails for want of another one is tried again after the rest, until
 * all are through or nothing more succeeds. Spares a graph of what depends on what.
 *
 * @throws the first error of the pass in which nothing succeeded
 */
export async function runInPasses(session: Session, statements: readonly string[]): Promise<void> {
  await session.transaction(async () => {
    const failed = await inPasses(session, statements);
    if (failed) throw failed.error;
  });
}

/** The same in a transaction that is open. Answers what could not be run, if anything. */
export async function inPasses(session: Session, statements: readonly string[]): Promise<Failed | undefined> {
  // Mostly the order is right: then all of them cost what one costs, however far away the server is.
  if (statements.length > 1 && !(await attempt(session, statements.join(';\n')))) return undefined;
  let left = statements;
  while (left.length > 0) {
    const failed: Failed[] = [];
    for (const statement of left) {
      const failure = await attempt(session, statement);
      if (failure) failed.push(failure);
    }
    if (failed.length === left.length) return failed[0];
    left = failed.map(({ statement }) => statement);
  }
  return undefined;
}

async function attempt(session: Session, statement: string): Promise<Failed | undefined> {
  await session.run('savepoint pass');
  try {
    await session.run(statement);
    await session.run('release savepoint pass');
    return undefined;
  } catch (error) {
    await session.run('rollback to savepoint pass');
    return { statement, error };
  }
}
