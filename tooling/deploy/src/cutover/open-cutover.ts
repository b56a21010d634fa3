import type { CommandContext } from '../cli/command.js';
import { workReport } from '../cli/work-report.js';
import type { Profile } from '../profiles/profile.js';
import { keepEvidence } from '../report/evidence.js';
import { openJournal, type Journal } from '../state/journal.js';
import { refuseStale } from '../state/plan-file.js';
import type { StepEntry } from '../steps/run-steps.js';
import type { StepReport } from '../steps/step.js';
import { activeProfile } from './active-environment.js';
import { currentBasis, CUTOVER, type CutoverPlan } from './cutover-plan.js';
import type { Cutover } from './cutover.js';
import { openInstallation } from './installation.js';
import { openMovers } from './movers.js';
import { isDatabasePart, type Part, PART_FACTS } from './parts.js';

/** A cutover that can be run: its plan still fits the environments. */
export interface OpenCutover {
  readonly plan: CutoverPlan;
  readonly from: Profile;
  readonly to: Profile;
  readonly cutover: Cutover;
  readonly journal: Journal<StepEntry>;
  /** Seconds during which writes were stopped, of the newest stop that ended; null when there was none. */
  stopSeconds(): number | null;
  close(): void;
}

/** How long a plan's short name is: enough to tell plans apart in one folder. */
const ID_LENGTH = 8;

/** @throws YardError bad_input for a plan that no longer fits */
export function openCutover(context: CommandContext, plan: CutoverPlan): OpenCutover {
  const { body } = plan;
  const [from, to] = [context.profile(body.from), context.profile(body.to)];
  refuseStale(plan, currentBasis(body, from, to));
  const id = plan.sha256.slice(0, ID_LENGTH);
  const journal = openJournal<StepEntry>(context.state.path('journals', `${CUTOVER}-${id}.ndjson`));
  const installation = openInstallation({ profiles: context.profiles, from, to, body, id });
  const now = (...parts: Part[]) => activeProfile(installation.environment(parts));
  const movers = openMovers({ context, from, to, body, now });
  return {
    plan,
    from,
    to,
    journal,
    cutover: {
      ...movers,
      installation,
      onStopped: (at) => context.out.mark('warn', `Writes are stopped (${at})`),
      onOpened: () => context.out.mark('ok', 'Writes are open'),
      onProof: (part, proof) =>
        keepEvidence(context.state, {
          kind: isDatabasePart(part) ? 'db verify' : 'storage check',
          about: [from.name, to.name],
          ok: proof.equal,
          says: `${PART_FACTS[part].says}: ${proof.says}`,
          data: proof,
        }),
    },
    stopSeconds: () => stopSeconds(journal.entries),
    close: () => journal.close(),
  };
}

/**
 * From the moment the databases began to refuse until the installation took writes again. A command that was killed in between may not
 * have written that it stopped them: the one after it found them stopped. One that failed let writes in again, and the next stopped them
 * anew.
 */
export function stopSeconds(entries: readonly StepEntry[]): number | null {
  let stopped: number | null = null;
  let seconds: number | null = null;
  for (const { event, step, data, at } of entries) {
    const { stopped_at } = (data ?? {}) as { readonly stopped_at?: string };
    if (step.endsWith('stop-writes') && stopped_at !== undefined) stopped = Date.parse(stopped_at);
    else if (step.endsWith('open') && event === 'done' && stopped !== null) {
      seconds = (Date.parse(at) - stopped) / 1_000;
      stopped = null;
    }
  }
  return seconds;
}

/** What steps say, on the terminal. */
export function reportOn({ out }: Pick<CommandContext, 'out'>): (step: { title: string }) => StepReport & Disposable {
  return ({ title }) => {
    out.say(`\n▸ ${title}`);
    const report = workReport(out, `  ${title}`);
    return { ...report, say: (line) => report.say(`  ${line}`) };
  };
}
