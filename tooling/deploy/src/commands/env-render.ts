import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ENV, type Command, type CommandContext } from '../cli/command.js';
import { EXIT } from '../cli/exit-code.js';
import { choiceOption, optionalText, switchOption, textOption } from '../cli/option-values.js';
import { YardError } from '../cli/yard-error.js';
import { type EnvFinding, environmentFindings, SERVICE_NAMES, TARGETS } from '../environment/findings.js';
import { renderEnvironment, variablesFor } from '../environment/render-environment.js';
import { shownValue } from '../environment/shown-value.js';
import type { Profile } from '../profiles/profile.js';

/** `yard env render`: an environment as a file, with what is missing in it. */
export const envRender: Command = {
  path: 'env render',
  says: 'print the variables of an environment, and what is missing',
  details:
    'Prints an environment as an env file, or as variables for Railway (paste them into the service’s raw editor), each with what it means. Values of secrets are not shown unless they go to a file. An environment whose file does not exist yet is printed as a form to fill in. Changes nothing.',
  options: [
    ...ENV,
    { flags: '--target <target>', says: `${TARGETS.join(' or ')}: where the variables are to stand`, fallback: 'env' },
    { flags: '--process <service>', says: `only what one service needs: ${SERVICE_NAMES.join(' or ')}` },
    { flags: '--show-secrets', says: 'write the values of secrets, too; needs --out' },
    { flags: '--out <file>', says: 'a new file to write instead of printing, readable by you only' },
  ],
  examples: [
    { line: 'yard env render --env local', says: 'What the local installation runs with:' },
    {
      line: 'yard env render --env railway --show-secrets --out .env.railway',
      says: 'A form to fill in for an environment that yard.config.ts names and whose file is not there yet:',
    },
    {
      line: 'yard env render --env railway --target railway --process api',
      says: 'What to enter in the API’s service on Railway:',
    },
  ],
  async run(context) {
    const options = readOptions(context);
    const profile = context.profile(textOption(context, 'env'), { draft: true });
    const findings = environmentFindings(profile.env, options);
    refuse(findings, profile);
    const lines = renderEnvironment(profile.env, { ...options, findings });
    if (options.file === undefined) {
      const variables = Object.entries(variablesFor(profile.env, options)).map(([name, value]) => ({
        name,
        value: shownValue(name, value),
      }));
      context.out.answer({ environment: profile.name, target: options.target, variables, findings }, lines);
    } else {
      writeNewFile(options.file, lines);
      context.out.answer({ environment: profile.name, file: options.file, findings }, []);
      context.out.mark('ok', `Written to ${options.file}, readable by you only.`);
    }
    return summarise(context, profile, findings);
  },
};

function readOptions(context: CommandContext) {
  const service = optionalText(context, 'process');
  const out = optionalText(context, 'out');
  const show_secrets = switchOption(context, 'showSecrets');
  if (show_secrets && out === undefined)
    throw new YardError(
      'bad_input',
      '--show-secrets prints secrets, which terminals and logs remember.',
      'Write them to a file: add --out <file>.',
    );
  return {
    target: choiceOption(context, 'target', TARGETS),
    services: service === undefined ? SERVICE_NAMES : [choiceOption(context, 'process', SERVICE_NAMES)],
    show_secrets,
    file: out === undefined ? undefined : resolve(context.profiles.root, out),
  };
}

function refuse(findings: readonly EnvFinding[], profile: Profile): void {
  const refused = findings.filter(({ kind }) => kind === 'refused');
  if (refused.length === 0) return;
  throw new YardError(
    'bad_input',
    `The environment "${profile.name}" (${profile.origin}) cannot be written down:\n${refused.map(({ variable, says }) => `  - ${variable}: ${says}`).join('\n')}`,
    `Correct these in ${profile.origin}.`,
  );
}

/** Written whole or not at all; what is there is never replaced: it may hold the only copy of a secret. */
function writeNewFile(file: string, lines: readonly string[]): void {
  if (existsSync(file))
    throw new YardError('bad_input', `${file} is there already.`, 'Give another name, or move it aside first.');
  try {
    writeFileSync(`${file}.new`, `${lines.join('\n')}\n`, { mode: 0o600, flush: true });
    renameSync(`${file}.new`, file);
  } catch (error) {
    throw new YardError(
      'bad_input',
      `${file} cannot be written (${(error as NodeJS.ErrnoException).code}).`,
      'Name a folder that exists and is yours.',
      { cause: error },
    );
  }
}

function summarise({ out }: CommandContext, { name, origin }: Profile, findings: readonly EnvFinding[]) {
  for (const { kind, variable, says } of findings)
    out.mark(kind === 'unusable' ? 'fail' : 'warn', `${variable}: ${says}`);
  const missing = findings.some(({ kind }) => kind === 'unusable');
  if (missing) out.say(`→ Set these in ${origin}, then look again: yard env render --env ${name}`);
  else out.say(`Everything that must be set is set. Next: yard doctor --env ${name}`);
  return missing ? EXIT.differences : EXIT.ok;
}
