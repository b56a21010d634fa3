import { isSecretName } from '@labelyard/config';
import { readEnvironment } from '../env.js';
import { loadProfiles } from '../profiles/load-profiles.js';
import { openStateFolder } from '../state/state-folder.js';
import { join } from 'node:path';
import type { Command } from './command.js';
import { reportError } from './error-report.js';
import { EXIT, type ExitCode } from './exit-code.js';
import { createOutput, type Output } from './output.js';
import { readCommandLine, type Request } from './program.js';
import { createRedactor, type Redactor } from './redaction.js';

export interface RunOptions {
  readonly commands: readonly Command[];
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  readonly signal: AbortSignal;
}

/** One command line from beginning to end. Never throws. */
export async function run({ commands, argv, cwd, stdout, stderr, signal }: RunOptions): Promise<ExitCode> {
  const asked = await readCommandLine(commands, argv);
  if ('exit_code' in asked) {
    (asked.exit_code === EXIT.ok ? stdout : stderr).write(asked.text);
    return asked.exit_code;
  }
  const redactor = createRedactor();
  const json = asked.options['json'] === true;
  const out = createOutput({ stdout, stderr }, redactor, {
    json,
    quiet: asked.options['quiet'] === true,
    color: asked.options['color'] !== false,
  });
  try {
    const code = await runCommand(asked, { cwd, signal, out, redactor });
    if (code === EXIT.ok && asked.command.next !== undefined) out.say(`\nNext: ${asked.command.next}`);
    return code;
  } catch (error) {
    const { exit, message, next } = reportError(signal.aborted ? signal.reason : error);
    if (json) out.answer({ error: { exit, message, next } }, []);
    stderr.write(redactor.clean(`\n✗ ${message}\n→ ${next}\n`));
    return EXIT[exit];
  }
}

async function runCommand(
  { command, options, args }: Request,
  { cwd, signal, out, redactor }: { cwd: string; signal: AbortSignal; out: Output; redactor: Redactor },
): Promise<ExitCode> {
  const config = typeof options['config'] === 'string' ? options['config'] : undefined;
  const profiles = await loadProfiles(cwd, readEnvironment(), config);
  const state = openStateFolder(join(profiles.root, '.yard'));
  const work = () =>
    command.run({
      profiles,
      profile(name, profileOptions) {
        const profile = profiles.get(name, profileOptions);
        for (const [variable, value] of Object.entries(profile.env))
          // A reference is no value: whoever reads it learns where to look.
          if (value && isSecretName(variable) && !value.includes('${{')) redactor.hide(value);
        return profile;
      },
      out,
      state,
      signal,
      options,
      args,
    });
  return command.exclusive ? state.exclusively(`yard ${command.path}`, work) : work();
}
