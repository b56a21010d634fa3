import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { defineEnv, runtimeEnv, secretProblem } from '@labelyard/config';
import { environmentFindings, isReference } from '../environment/findings.js';
import type { Profile } from '../profiles/profile.js';
import { type Check, fail, ok, Skip, warn } from './check.js';

const MAKE_SECRET = 'Make another one: openssl rand -base64 48';

/** What can be said of the variables without asking anybody. */
export const ENVIRONMENT_CHECKS: readonly Check[] = [
  {
    id: 'env.schema',
    title: 'Variables',
    why: 'A process does not start with a variable it cannot use.',
    run({ profile }) {
      const target = Object.values(profile.env).some((value) => value && isReference(value)) ? 'railway' : 'env';
      const findings = environmentFindings(profile.env, { target });
      const wrong = findings.filter(({ kind }) => kind !== 'unknown');
      const told = (list: typeof findings) => list.map(({ variable, says }) => `${variable} ${says}`).join('; ');
      if (wrong.length > 0)
        return fail(told(wrong), `Correct them in ${profile.origin}: yard env render --env ${profile.name}`);
      if (findings.length > 0) return warn(told(findings), `Rename or remove them in ${profile.origin}.`);
      return ok(`${Object.keys(profile.env).length} variables, and every process could start with them`);
    },
  },
  {
    id: 'env.secrets',
    title: 'JWT secret',
    why: 'Whoever guesses it can sign in as anybody.',
    run({ profile }) {
      const secret = profile.env['JWT_SECRET'];
      if (!secret) throw new Skip('JWT_SECRET is not set.');
      if (isReference(secret)) throw new Skip('JWT_SECRET comes by reference when it is deployed.');
      const problem = secretProblem(secret);
      if (!problem) return ok(`${Buffer.byteLength(secret)} bytes, no known sample`);
      return (isStrict(profile) ? fail : warn)(`JWT_SECRET ${problem}`, MAKE_SECRET);
    },
  },
  {
    id: 'env.cors',
    title: 'Allowed web addresses',
    why: 'Browsers refuse to call the API from an address it does not name.',
    run({ profile }) {
      const origins = profile.env['CORS_ORIGINS']?.trim();
      if (origins) return ok(origins);
      return isStrict(profile)
        ? warn(
            'CORS_ORIGINS is empty: no browser may call the API itself',
            'Set it to the web app’s address, like https://labels.example.',
          )
        : ok('the local web app (default)');
    },
  },
  {
    id: 'env.file',
    title: 'Env file',
    why: 'It holds the keys to everything.',
    run({ profile, root }) {
      const file = profile.config.env_file;
      if (file === undefined) throw new Skip('The environment comes from no file.');
      const mode = statSync(resolve(root, file)).mode & 0o777;
      if (process.platform === 'win32' || (mode & 0o077) === 0) return ok(`${file} is readable by its owner only`);
      return warn(`${file} can be read by other accounts (mode ${mode.toString(8)})`, `chmod 600 ${file}`);
    },
  },
];

/** Whether the environment is held to production's rules. */
export function isStrict({ env }: Profile): boolean {
  try {
    return defineEnv({ runtime: runtimeEnv }, env).runtime.strict;
  } catch {
    // A misspelled ENVIRONMENT is told by the check of the variables; the stricter reading is the safe one.
    return true;
  }
}
