/** Something to do on one of several sessions, once everything it waits for is done. */
export interface Task<Worker> {
  readonly name: string;
  /** Larger ones begin first. */
  readonly weight: number;
  readonly after: readonly Task<Worker>[];
  run(worker: Worker): Promise<void>;
}

/**
 * Runs tasks on workers, each worker one at a time, the heaviest that is ready first. The first error stops the rest from beginning, is
 * awaited by those at work, and thrown.
 */
export async function runTasks<Worker>(workers: readonly Worker[], tasks: readonly Task<Worker>[]): Promise<void> {
  const waiting = new Set(tasks.toSorted((a, b) => b.weight - a.weight));
  const done = new Set<Task<Worker>>();
  let failure: { error: unknown } | undefined;
  let wake = Promise.withResolvers<void>();
  const ready = () => [...waiting].find(({ after }) => after.every((task) => done.has(task)));
  const work = async (worker: Worker) => {
    while (!failure && waiting.size > 0) {
      const task = ready();
      if (!task) {
        await wake.promise;
        continue;
      }
      waiting.delete(task);
      try {
        await task.run(worker);
        done.add(task);
      } catch (error) {
        failure ??= { error };
      }
      wake.resolve();
      wake = Promise.withResolvers<void>();
    }
  };
  await Promise.all(workers.map(work));
  if (failure) throw failure.error;
}
