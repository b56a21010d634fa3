import {
  defineEnv,
  EnvError,
  type EnvSource,
  isSecretName,
  PROCESS_ENV,
  type ProcessName,
  VARIABLES,
  variableNamed,
} from '@labelyard/config';
import { didYouMean } from '../cli/did-you-mean.js';

/** Where variables are to stand: in an env file, or in a Railway service. */
export const TARGETS = ['env', 'railway'] as const;
export type Target = (typeof TARGETS)[number];

/** What each service of an installation runs: migrations run before the API, with its variables. */
export const SERVICES = { api: ['api', 'migrate'], web: ['web'] } as const satisfies Record<
  string,
  readonly ProcessName[]
>;
export type ServiceName = keyof typeof SERVICES;
export const SERVICE_NAMES = Object.keys(SERVICES) as readonly ServiceName[];

/** Something wrong with a variable. Never holds a secret value. */
export interface EnvFinding {
  readonly variable: string;
  /**
   * refused: may not be written down like this · unusable: a process would not start · unknown: nothing of ours, perhaps misspelled.
   */
  readonly kind: 'refused' | 'unusable' | 'unknown';
  readonly says: string;
}

/** Names that a platform or the shell brings along. */
const OF_OTHERS = /^(?:RAILWAY_|RAILPACK_|PG[A-Z]+$|POSTGRES_|npm_|NODE_(?!ENV$))/u;
const REFERENCE = /\$\{\{[^}]+\}\}/u;
const UNEXPANDED = /\$\{(?!\{)/u;

/** Whether the value comes from another service when it is deployed. */
export function isReference(value: string): boolean {
  return REFERENCE.test(value);
}

/** Everything that is wrong with an environment for these services. */
export function environmentFindings(
  env: EnvSource,
  { target, services = SERVICE_NAMES }: { target: Target; services?: readonly ServiceName[] },
): readonly EnvFinding[] {
  const given = Object.entries(env).flatMap(([name, value]) => (value?.trim() ? [[name, value] as const] : []));
  return [
    ...given.flatMap(([name, value]) => refused(name, value, target, given)),
    ...services.flatMap((service) => unusable(env, service)),
    ...given.flatMap(([name]) => unknown(name)),
  ];
}

function refused(
  variable: string,
  value: string,
  target: Target,
  all: readonly (readonly [string, string])[],
): readonly EnvFinding[] {
  const found: string[] = [];
  if (target === 'railway' && UNEXPANDED.test(value))
    found.push('holds ${…}, which Railway does not expand: write the value, or a reference like ${{Service.NAME}}');
  if (target === 'env' && isReference(value))
    found.push('holds ${{…}}, which only Railway expands: write the value itself');
  if (variable.startsWith('NEXT_PUBLIC_')) {
    const held = all.find(
      ([name, secret]) => name !== variable && isSecretName(name) && secret.length > 5 && value.includes(secret),
    );
    if (held) found.push(`holds the value of ${held[0]}: whatever begins with NEXT_PUBLIC_ is sent to every browser`);
    else if (isSecretName(variable))
      found.push('sounds like a secret: whatever begins with NEXT_PUBLIC_ is sent to every browser. Rename it');
  }
  return found.map((says) => ({ variable, kind: 'refused', says }));
}

/** What the processes themselves say about it, each thing once. What comes by reference is known only when it is deployed. */
function unusable(env: EnvSource, service: ServiceName): readonly EnvFinding[] {
  const found = new Map<string, EnvFinding>();
  for (const process of SERVICES[service])
    for (const problem of problemsOf(env, process)) {
      const [variable = '', says = ''] = problem.split(/: (.*)/su);
      // Migrations miss what the API misses, under the name of their own role.
      const known = process !== SERVICES[service][0] && [...found.keys()].some((other) => other.endsWith(`: ${says}`));
      if (known || isReference(env[variable] ?? '')) continue;
      found.set(problem, { variable, kind: 'unusable', says: `${says} (${service})` });
    }
  return [...found.values()];
}

function problemsOf(env: EnvSource, process: ProcessName): readonly string[] {
  try {
    defineEnv(PROCESS_ENV[process], env);
    return [];
  } catch (error) {
    if (error instanceof EnvError) return error.problems;
    throw error;
  }
}

function unknown(variable: string): readonly EnvFinding[] {
  if (variableNamed(variable) || OF_OTHERS.test(variable)) return [];
  const meant = didYouMean(
    variable,
    VARIABLES.map(({ name }) => name),
  );
  return [{ variable, kind: 'unknown', says: `is no variable of Labelyard.${meant || ' It is left out.'}` }];
}
