import { readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { EnvSource } from '@labelyard/config';
import type { Command, CommandContext } from '../cli/command.js';
import { EXIT, type ExitCode } from '../cli/exit-code.js';
import { switchOption } from '../cli/option-values.js';
import { YardError } from '../cli/yard-error.js';
import { activeEnvironment } from '../cutover/active-environment.js';
import { CUTOVER, cutoverBody, type CutoverScope, type CutoverPlan } from '../cutover/cutover-plan.js';
import { openCutover, type OpenCutover } from '../cutover/open-cutover.js';
import { PART_FACTS, PARTS } from '../cutover/parts.js';
import { applyCutover, finishCutover, rollBackCutover, showCutover, verifyCutover } from '../cutover/run-cutover.js';
import { targetChecks } from '../cutover/target-checks.js';
import { openParts } from '../doctor/doctor-parts.js';
import { type CheckReport, runChecks } from '../doctor/run-checks.js';
import { sayChecks } from '../doctor/say-checks.js';
import type { Profile } from '../profiles/profile.js';
import { readPlan, writePlan } from '../state/plan-file.js';

/** What can be done with a plan that only copies: nothing is switched, so there is nothing to go back from or to sign off. */
const AHEAD_VERBS: readonly string[] = ['apply', 'status', 'verify'];

/**
 * What can be done with a plan, whichever command made it: `cutover`, or one phase of the guide.
 *
 * @param ahead the plan only copies, and another one switches
 */
export function planRunners(family: string, { ahead = false } = {}): Command[] {
  const runner = (
    command: Omit<Command, 'path' | 'arguments' | 'examples' | 'run'> & { readonly verb: string },
    work: (open: OpenCutover, context: CommandContext) => Promise<ExitCode>,
  ): Command => ({
    ...command,
    path: `${family} ${command.verb}`,
    arguments: [{ name: '[plan]', says: `file of yard ${family} plan; default: the newest` }],
    examples: [{ line: `yard ${family} ${command.verb}`, says: 'The newest plan:' }],
    run: (context) => withPlan(family, context, work),
  });
  const all = [
    runner({ verb: 'apply', ...(ahead ? COPYING : moving(family)), exclusive: true }, applyCutover),
    runner(
      {
        verb: 'status',
        says: 'show how far a move is',
        details:
          'Looks at every step of a plan, and at its journal. Changes nothing. Exit code 2 while something is left to do.',
      },
      showCutover,
    ),
    runner(
      {
        verb: 'verify',
        says: 'compare both sides of a move',
        details:
          'Before the switch: what the new side lacks. After it: takes the changes made since back to the old side and compares every row ' +
          'and object, which is also a rehearsal of the way back. People may work on: what changes during the comparison is looked at ' +
          'again. With --stop-writes they wait for some seconds, and the comparison is exact at once.',
        options: [{ flags: '--stop-writes', says: 'stop writes while comparing' }],
        exclusive: true,
      },
      (open, context) => verifyCutover(open, context, switchOption(context, 'stopWrites')),
    ),
    runner(
      {
        verb: 'rollback',
        says: 'go back to the old side, with everything written since the switch',
        details:
          'After the switch: takes back what was written on the new side, stops writes for seconds, compares both sides, and switches the ' +
          'environment back. Before the switch: lets writes in again and ends the logging of changes; what was copied stays in the target.',
        next: 'to try again later, give the new side fresh empty databases (createdb): a finished copy is not copied over. Objects are taken up where they are',
        exclusive: true,
      },
      rollBackCutover,
    ),
    runner(
      {
        verb: 'finish',
        says: 'sign a move off: the way back is given up',
        details:
          'Ends the logging of changes on the new side. From then on the way back is a move like any other. The old side is left as it was ' +
          'at the switch, closed for writes.',
        next: 'yard report',
        exclusive: true,
      },
      finishCutover,
    ),
  ];
  return ahead ? all.filter(({ path }) => AHEAD_VERBS.some((verb) => path === `${family} ${verb}`)) : all;
}

type ApplyText = Pick<Command, 'says' | 'details' | 'next'>;

function moving(family: string): ApplyText {
  return {
    says: 'move: copy, take over changes, stop writes for seconds, compare, switch',
    details:
      'Runs the steps of a plan. People work on while everything is copied; then writes are stopped, the last changes are taken over, ' +
      'every row and object is compared, the environment is switched and writes go on. The side it comes from is not changed, and stays ' +
      'closed for writes afterwards. Safe to run again after Ctrl-C, a crash or an error: it goes on where it was. When something fails ' +
      'before the switch, writes are let in again on the old side.',
    next: `yard ${family} verify, then work on; yard ${family} rollback takes you back with everything written since, until yard ${family} finish`,
  };
}

const COPYING: ApplyText = {
  says: 'copy ahead while people work on; nothing is switched',
  details:
    'Copies what the plan names, then what was added meanwhile. Writes are not stopped and the environment is not switched: the phase ' +
    'after this one does both, and copies only the rest. Safe to run again at any time, and worth it shortly before the switch.',
  next: 'yard phase 4 plan, with the same --from and --to',
};

/** Writes a plan down, says what is in it, and what the target would say to it. */
export async function tellPlan(
  context: CommandContext,
  family: string,
  { plan, left }: { readonly plan: CutoverPlan; readonly left: CutoverScope['left'] },
): Promise<ExitCode> {
  const { state, out, profiles } = context;
  const path = state.path('plans', `${slug(family)}-${plan.made_at.replaceAll(/[:.]/gu, '-')}.json`);
  writePlan(path, plan);
  const { parts, backup } = plan.body;
  const checks = await askTarget(context, plan.body);
  out.answer({ path, plan, left, checks }, [
    `Plan ${relative(profiles.root, path)}`,
    ...parts.map(({ part, from, to }) => `  ${PART_FACTS[part].says}: ${from} → ${to}`),
    ...left.map(({ part, why }) => `  stays: ${PART_FACTS[part].says} ${why}`),
    backup ? '  The databases are backed up first, into the storage that is used now.' : '  No backup is taken.',
    '',
    ...sayChecks(checks),
  ]);
  if (checks.every(({ status }) => status !== 'fail')) return EXIT.ok;
  out.say(`\nPut right what failed, and look again: yard ${family} plan. Nothing was begun.`);
  return EXIT.failed;
}

/** The variables an installation is started with before its move. */
export function runsWith({ profiles }: CommandContext, from: Profile): EnvSource {
  const { active_env_file: file } = profiles.config;
  return file === undefined ? from.env : activeEnvironment(join(profiles.root, file), from, PARTS);
}

async function askTarget(context: CommandContext, body: CutoverPlan['body']): Promise<readonly CheckReport[]> {
  const [from, to] = [context.profile(body.from), context.profile(body.to)];
  const { state, profiles, signal } = context;
  const checks = targetChecks({ from, to, parts: body.parts.map(({ part }) => part), state });
  const parts = openParts(to.env);
  // What a move does not change: the new bucket must let in the pages that people use today.
  const { CORS_ORIGINS } = { ...to.env, ...runsWith(context, from) };
  const profile = { ...to, env: { ...to.env, CORS_ORIGINS } };
  try {
    return await runChecks(checks, { profile, parts, root: profiles.root, replicas: 1, signal });
  } finally {
    await parts.close();
  }
}

async function withPlan(
  family: string,
  context: CommandContext,
  work: (open: OpenCutover, context: CommandContext) => Promise<ExitCode>,
): Promise<ExitCode> {
  const path = planPath(context, family);
  context.out.say(`Plan ${relative(context.profiles.root, path)}`);
  const open = openCutover(context, readPlan(path, CUTOVER, cutoverBody));
  try {
    return await work(open, context);
  } finally {
    open.close();
  }
}

/** The plan that was named, by its path or its name in the state folder; without one the newest: the time stands in the names. */
function planPath({ state, args: [given] }: CommandContext, family: string): string {
  if (given !== undefined) return given.includes('/') ? given : state.path('plans', given);
  const newest = readdirSync(dirname(state.path('plans', 'any')))
    .filter((name) => name.startsWith(`${slug(family)}-`) && name.endsWith('.json'))
    .sort()
    .at(-1);
  if (newest !== undefined) return state.path('plans', newest);
  throw new YardError(
    'bad_input',
    'There is no plan yet.',
    `Make one: yard ${family} plan --from <profile> --to <profile>.`,
  );
}

function slug(family: string): string {
  return family.replaceAll(' ', '-');
}
