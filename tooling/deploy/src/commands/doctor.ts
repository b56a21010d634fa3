import { ENV, type Command } from '../cli/command.js';
import { EXIT } from '../cli/exit-code.js';
import { numberOption, optionalText, textOption } from '../cli/option-values.js';
import { didYouMean } from '../cli/did-you-mean.js';
import { YardError } from '../cli/yard-error.js';
import { CHECKS } from '../doctor/all-checks.js';
import { type Check, STATUSES } from '../doctor/check.js';
import { openParts } from '../doctor/doctor-parts.js';
import { runChecks } from '../doctor/run-checks.js';
import { sayChecks } from '../doctor/say-checks.js';

/** `yard doctor`: everything that can be wrong with an environment, asked at once. */
export const doctorCommand: Command = {
  path: 'doctor',
  says: 'check an environment: variables, databases, storage, programs',
  details:
    'Asks everything that can be wrong with an environment and stops at nothing: variables, both databases (reachable, encrypted, migrated, rights, room for connections), the storage (both buckets, signed links, browsers), this machine’s programs, and the files for Railway. Writes one small object per bucket and deletes it; changes nothing else.',
  options: [
    ...ENV,
    { flags: '--replicas <n>', says: 'how many API processes are to run', fallback: '1' },
    { flags: '--only <checks>', says: 'ids of checks, or what they begin with, with commas between' },
  ],
  examples: [
    { line: 'yard doctor', says: 'Is the local installation well?' },
    {
      line: 'yard doctor --env railway --replicas 2',
      says: 'Can one move to this environment, with two API processes?',
    },
    { line: 'yard doctor --env railway --only storage', says: 'Only its storage:' },
  ],
  async run(context) {
    const { out, signal, profiles } = context;
    const checks = selected(optionalText(context, 'only'));
    const replicas = numberOption(context, 'replicas', { min: 1, max: 1_000 });
    const profile = context.profile(textOption(context, 'env'));
    const parts = openParts(profile.env);
    try {
      const reports = await runChecks(checks, { profile, parts, root: profiles.root, replicas, signal });
      const counts = Object.fromEntries(
        STATUSES.map((status) => [status, reports.filter((one) => one.status === status).length]),
      );
      out.answer({ environment: profile.name, counts, checks: reports }, sayChecks(reports));
      out.say(`\n${profile.name}: ${STATUSES.map((status) => `${counts[status]} ${status}`).join(', ')}`);
      return counts['fail'] === 0 ? EXIT.ok : EXIT.failed;
    } finally {
      await parts.close();
    }
  },
};

function selected(only: string | undefined): readonly Check[] {
  if (only === undefined) return CHECKS;
  const words = only
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean);
  const found = CHECKS.filter(({ id }) =>
    words.some((word) => id === word || id.startsWith(`${word}.`) || id.startsWith(`${word}_`)),
  );
  const unknown = words.find(
    (word) => !CHECKS.some(({ id }) => id === word || id.startsWith(`${word}.`) || id.startsWith(`${word}_`)),
  );
  if (unknown !== undefined || found.length === 0)
    throw new YardError(
      'bad_input',
      `There is no check "${unknown ?? only}".`,
      `Use some of: ${CHECKS.map(({ id }) => id).join(', ')}.${didYouMean(
        unknown ?? '',
        CHECKS.map(({ id }) => id),
      )}`,
    );
  return found;
}
