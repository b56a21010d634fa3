import type { Command } from '../cli/command.js';
import { FROM_TO } from '../cli/command.js';
import { switchOption, textOption } from '../cli/option-values.js';
import { planCutover } from '../cutover/cutover-plan.js';
import { type Phase, PHASES, refuseOutOfOrder } from '../cutover/phases.js';
import { planRunners, runsWith, tellPlan } from './plan-runners.js';

/** `yard phase 1..4 …`: the deployment guide's way, one part at a time. */
export const PHASE_COMMANDS: readonly Command[] = PHASES.flatMap((phase) => [
  planPhase(phase),
  ...planRunners(`phase ${phase.number}`, phase).map((command) => ({ ...command, unlisted: true })),
]);

function planPhase(phase: Phase): Command {
  const path = `phase ${phase.number}`;
  return {
    path: `${path} plan`,
    says: `plan phase ${phase.number} of the guide: ${phase.says}; then apply, status, verify${phase.ahead ? '' : ', rollback, finish'}`,
    details:
      `Plans the move of one part: ${phase.says}. The installation then runs with the new place for it and the old ones for the rest. ` +
      'Asks the target what applying would stumble on, as yard cutover plan does. ' +
      'Phases go in their order, unless --out-of-order says otherwise.',
    options: [
      ...FROM_TO,
      { flags: '--no-backup', says: 'do not back up the databases first' },
      { flags: '--out-of-order', says: 'do not insist on the phases before it' },
    ],
    examples: [{ line: `yard ${path} plan --from local --to railway`, says: 'What will be moved:' }],
    next: `yard ${path} apply`,
    async run(context) {
      const [from, to] = [context.profile(textOption(context, 'from')), context.profile(textOption(context, 'to'))];
      if (!switchOption(context, 'outOfOrder')) refuseOutOfOrder(phase, runsWith(context, from), to);
      const backup = context.options['backup'] !== false && !phase.ahead;
      return tellPlan(context, path, planCutover(from, to, { parts: phase.parts, backup, ahead: phase.ahead }));
    },
  };
}
