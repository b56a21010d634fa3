import { YardError } from '../cli/yard-error.js';
import type { Journal } from '../state/journal.js';
import type { Step, StepReport } from './step.js';

/** One line of a run's journal. */
export interface StepEntry {
  readonly at: string;
  readonly step: string;
  readonly event: 'began' | 'found done' | 'done' | 'failed' | 'rolled back';
  readonly says?: string;
  readonly seconds?: number;
  readonly data?: unknown;
}

export interface RunOptions {
  readonly journal: Pick<Journal<StepEntry>, 'append'>;
  /** Told before each step; answers where its words go. */
  readonly reportFor: (step: { id: string; title: string }) => StepReport;
  readonly signal: AbortSignal;
  readonly now?: () => Date;
}

/**
 * Runs steps in their order: each is looked at, done where it is not done yet, and proven. Stops at the first that fails; a second run
 * goes on there. Everything is journaled before and after.
 *
 * @throws whatever a step throws, or the signal's reason
 */
export async function applySteps<Context>(
  steps: readonly Step<Context>[],
  context: Context,
  options: RunOptions,
): Promise<void> {
  for (const step of steps) {
    options.signal.throwIfAborted();
    await journaled(step, options, async (report) => {
      const finding = await step.inspect(context, options.signal);
      report.say(finding.says);
      if (finding.done) return { event: 'found done', says: finding.says, data: finding.data };
      const data = await step.apply(context, report, options.signal);
      await step.verify?.(context);
      return { event: 'done', says: finding.says, data };
    });
  }
}

/** Takes steps back, the last first. @throws whatever a step throws */
export async function rollBackSteps<Context>(
  steps: readonly Step<Context>[],
  context: Context,
  options: RunOptions,
): Promise<void> {
  for (const step of steps.toReversed()) {
    options.signal.throwIfAborted();
    if (!step.rollback) continue;
    await journaled(step, options, async (report) => ({
      event: 'rolled back',
      data: await step.rollback?.(context, report, options.signal),
    }));
  }
}

async function journaled<Context>(
  { id, title }: Step<Context>,
  { journal, reportFor, now = () => new Date() }: RunOptions,
  work: (report: StepReport) => Promise<Pick<StepEntry, 'event' | 'says' | 'data'>>,
): Promise<void> {
  const begin = now();
  journal.append({ at: begin.toISOString(), step: id, event: 'began' });
  const end = (entry: Pick<StepEntry, 'event' | 'says' | 'data'>) => {
    const at = now();
    journal.append({ at: at.toISOString(), step: id, seconds: (at.getTime() - begin.getTime()) / 1000, ...entry });
  };
  try {
    end(await work(reportFor({ id, title })));
  } catch (error) {
    end({ event: 'failed', says: error instanceof YardError ? error.message : String(error) });
    throw error;
  }
}
