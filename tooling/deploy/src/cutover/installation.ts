import { join } from 'node:path';
import type { EnvSource } from '@labelyard/config';
import { YardError } from '../cli/yard-error.js';
import type { Profiles } from '../profiles/load-profiles.js';
import type { Profile } from '../profiles/profile.js';
import type { StepReport } from '../steps/step.js';
import { activeEnvironment, activeProfile, replaceEnvironmentFile } from './active-environment.js';
import { currentBasis, type CutoverBody } from './cutover-plan.js';
import { movedEnvironment, type Part } from './parts.js';
import { runProgram, untilReady, untilWritable } from './run-program.js';

/** Where an installation lives now, and how it is made to live elsewhere. */
export interface Installation {
  /** Which side its environment file leads to. @throws YardError failed when it is neither */
  side(): 'from' | 'to';
  /** The variables it is started with, as far as they say where `parts` are (default: those that move). */
  environment(parts?: readonly Part[]): EnvSource;
  /** Writes the other side's variables into its environment file, keeping the old file, and restarts it. */
  switchTo(side: 'from' | 'to', report: StepReport, signal: AbortSignal): Promise<void>;
  /**
   * Waits until the API answers from a side that is open again: the other one stays closed.
   *
   * @throws YardError unavailable while it still runs with the other side's variables
   */
  seen(side: 'from' | 'to', report: StepReport, signal: AbortSignal): Promise<void>;
}

export interface InstallationOptions {
  readonly profiles: Profiles;
  readonly from: Profile;
  readonly to: Profile;
  readonly body: CutoverBody;
  /** Of this cutover: the old file is kept under a name with it. */
  readonly id: string;
}

/** The installation whose variables stand in `active_env_file`. @throws YardError bad_input without that setting */
export function openInstallation({ profiles, from, to, body, id }: InstallationOptions): Installation {
  const name = profiles.config.active_env_file;
  if (name === undefined)
    throw new YardError(
      'bad_input',
      'yard.config.ts names no active_env_file: the file whose variables the API is started with.',
      "Add it, like active_env_file: '.env' (yard help profiles), so that the switch is one step that can be taken back.",
    );
  const file = join(profiles.root, name);
  const parts = body.parts.map(({ part }) => part);
  const active = (asked: readonly Part[] = parts) => activeEnvironment(file, from, asked);
  const configOf = (side: 'from' | 'to') => {
    const [here, there] = side === 'to' ? [from, to] : [to, from];
    return there.config.restart ? there.config : { ...here.config, ...there.config };
  };
  return {
    side: () => sideOf(active(), { from, to, body }, name),
    environment: active,
    async switchTo(side, report, signal) {
      const there = side === 'to' ? to : from;
      const before = active();
      if (sideOf(before, { from, to, body }, name) !== side) {
        replaceEnvironmentFile(file, movedEnvironment(before, there.env, parts), `${file}.before-${id}-${side}`);
        report.say(`${name} leads to "${there.name}" now; what it was is kept beside it`);
      }
      const { restart, urls } = configOf(side);
      if (restart) await runProgram(restart, profiles.root, signal);
      else report.say(`restart the API and the web now, with the variables of ${name}`);
      if (urls?.api !== undefined) {
        report.say(`waiting until ${urls.api} is ready`);
        await untilReady(urls.api, signal);
      }
    },
    async seen(side, report, signal) {
      const { restart, urls } = configOf(side);
      if (urls?.api === undefined) return report.say('no address of the API is known (urls in yard.config.ts)');
      if (!restart) report.say(`waiting until the API at ${urls.api} was restarted with the variables of ${name}`);
      await untilWritable(urls.api, name, signal);
    },
  };
}

function sideOf(
  active: EnvSource,
  { from, to, body }: { from: Profile; to: Profile; body: CutoverBody },
  name: string,
): 'from' | 'to' {
  const here = activeProfile(active);
  const planned = currentBasis(body, from, to);
  if (currentBasis(body, here, to) === planned) return 'from';
  if (currentBasis(body, from, here) === planned) return 'to';
  throw new YardError(
    'failed',
    `${name} leads neither to "${from.name}" nor to "${to.name}": it was changed by somebody else.`,
    `Compare it: yard env diff --from ${from.name} --to ${to.name}; then put the right values back.`,
  );
}
