import { variableNamed } from '@labelyard/config';
import type { Command } from '../cli/command.js';
import { EXIT } from '../cli/exit-code.js';
import { textOption } from '../cli/option-values.js';
import { compareEnvironments, type EnvDifference } from '../environment/compare-environments.js';
import { signInAfter } from '../environment/sign-in-after.js';
import { type EnvFinding, environmentFindings, isReference } from '../environment/findings.js';
import type { Profile } from '../profiles/profile.js';

/** `yard env diff`: what two environments do not have in common, and what neither could start with. */
export const envDiff: Command = {
  path: 'env diff',
  says: 'compare two environments, and see what each could not start with',
  details:
    'Compares two environments variable by variable: what only one has, what differs, secrets by fingerprint, and whether who is signed in stays so. Then asks what the API, the migrations and the web would refuse on either side, with the code they read their variables with. Changes nothing.',
  options: [
    { flags: '--from <profile>', says: 'one environment', fallback: 'local' },
    { flags: '--to <profile>', says: 'the other', required: true },
  ],
  examples: [{ line: 'yard env diff --from local --to railway', says: 'What the environment to move to still lacks:' }],
  async run(context) {
    const { out } = context;
    const from = context.profile(textOption(context, 'from'));
    const to = context.profile(textOption(context, 'to'));
    const { differences, shared_secrets } = compareEnvironments(from.env, to.env);
    const signing = signInAfter(from.env, to.env);
    const sides = [from, to].map((profile) => ({ profile, findings: findingsOf(profile) }));
    out.answer(
      {
        from: from.name,
        to: to.name,
        differences,
        shared_secrets,
        signed_in_stay: signing?.kept ?? null,
        findings: Object.fromEntries(sides.map(({ profile, findings }) => [profile.name, findings])),
      },
      [
        ...section(`Only in ${from.name}`, only(differences, 'to', 'from')),
        ...section(`Only in ${to.name}`, only(differences, 'from', 'to')),
        ...section('Different', differing(differences, from, to)),
        ...sides.flatMap(({ profile, findings }) =>
          section(
            `What ${profile.name} could not run with`,
            findings.map(({ variable, says }) => `  ${variable}: ${says}`),
          ),
        ),
      ],
    );
    if (signing) out.mark(signing.kept ? 'ok' : 'warn', signing.says);
    for (const name of shared_secrets.filter((name) => name !== 'JWT_SECRET'))
      out.mark('warn', `${name} is the same in both: whoever knows it here can use it there.`);
    const wrong = sides.filter(({ findings }) => findings.some(({ kind }) => kind !== 'unknown'));
    for (const { profile } of wrong) out.say(`→ Correct these in ${profile.origin}.`);
    if (wrong.length === 0) out.say(`Both can start. Next: yard doctor --env ${to.name}`);
    return differences.length + wrong.length > 0 ? EXIT.differences : EXIT.ok;
  },
};

/** References stand for values that Railway fills in; without any the environment is an env file's. */
function findingsOf({ env }: Profile): readonly EnvFinding[] {
  const target = Object.values(env).some((value) => value && isReference(value)) ? 'railway' : 'env';
  return environmentFindings(env, { target });
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length > 0 ? [title, ...lines, ''] : [];
}

function only(differences: readonly EnvDifference[], absent: 'from' | 'to', present: 'from' | 'to'): readonly string[] {
  const rows = differences.filter((difference) => difference[absent] === null);
  const width = Math.max(0, ...rows.map(({ variable }) => variable.length));
  return rows.map((row) => {
    const fallback = variableNamed(row.variable)?.fallback;
    return `  ${row.variable.padEnd(width)}  ${row[present]}${fallback === undefined ? '' : ` · else ${fallback}`}`;
  });
}

function differing(differences: readonly EnvDifference[], from: Profile, to: Profile): readonly string[] {
  const width = Math.max(from.name.length, to.name.length);
  return differences
    .filter((difference) => difference.from !== null && difference.to !== null)
    .flatMap((difference) => [
      `  ${difference.variable}`,
      `    ${from.name.padEnd(width)}  ${difference.from}`,
      `    ${to.name.padEnd(width)}  ${difference.to}`,
    ]);
}
