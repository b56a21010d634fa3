import type { Command, CommandContext } from '../cli/command.js';
import { FROM_TO } from '../cli/command.js';
import { listOption, textOption } from '../cli/option-values.js';
import { YardError } from '../cli/yard-error.js';
import { planCutover } from '../cutover/cutover-plan.js';
import { type Part, PARTS } from '../cutover/parts.js';
import { planRunners, tellPlan } from './plan-runners.js';

/** `yard cutover …`: databases, storage and environment in one move. */
export const CUTOVER_COMMANDS: readonly Command[] = [
  {
    path: 'cutover plan',
    says: 'plan a move of databases and storage; changes nothing',
    details:
      'Finds what differs between two environments and can move, and writes the plan into .yard/plans. Applying refuses a plan whose ' +
      'places have changed since. Moves everything that differs, unless --only names parts. Asks the target what applying would stumble ' +
      'on: whether it answers, keeps what it is given (one small object per bucket, deleted at once) and has room; exit code 1 where it fails.',
    options: [
      ...FROM_TO,
      { flags: '--only <parts>', says: `parts to move, with commas: ${PARTS.join(', ')}` },
      { flags: '--no-backup', says: 'do not back up the databases first' },
    ],
    examples: [
      { line: 'yard cutover plan --from local --to railway', says: 'Everything that differs:' },
      { line: 'yard cutover plan --from local --to railway --only labeler_db', says: 'One database:' },
    ],
    next: 'yard cutover apply',
    async run(context) {
      const [from, to] = [context.profile(textOption(context, 'from')), context.profile(textOption(context, 'to'))];
      const backup = context.options['backup'] !== false;
      return tellPlan(context, 'cutover', planCutover(from, to, { parts: partsOption(context), backup }));
    },
  },
  ...planRunners('cutover'),
];

function partsOption(context: CommandContext): readonly Part[] | undefined {
  const words = listOption(context, 'only').flatMap((text) => text.split(',').map((word) => word.trim()));
  if (words.length === 0) return undefined;
  const unknown = words.filter((word) => !(PARTS as readonly string[]).includes(word));
  if (unknown.length > 0)
    throw new YardError('bad_input', `--only names ${unknown.join(', ')}.`, `Use some of: ${PARTS.join(', ')}.`);
  return words as Part[];
}
