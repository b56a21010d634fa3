import type { Session } from './session.js';

/**
 * Runs statements that may need each other, in one transaction: what fails for want of another one is tried again after the rest, until
 * all are through or nothing more succeeds. Spares a graph of what depends on what.
 *
 * @throws the first error of the pass in which nothing succeeded
 */
export async function runInPasses(session: Session, statements: readonly string[]): Promise<void> {
  await session.transaction(async () => {
    let left = [...statements];
    while (left.length > 0) {
      const failed: { statement: string; error: unknown }[] = [];
      for (const statement of left) {
        await session.run('savepoint pass');
        try {
          await session.run(statement);
          await session.run('release savepoint pass');
        } catch (error) {
          await session.run('rollback to savepoint pass');
          failed.push({ statement, error });
        }
      }
      if (failed.length === left.length) throw failed[0]?.error;
      left = failed.map(({ statement }) => statement);
    }
  });
}
