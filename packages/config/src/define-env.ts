import { z } from 'zod';

/** Variables as a process receives them. */
export type EnvSource = Readonly<Record<string, string | undefined>>;

/** Reads some variables of the source and answers a value made of them. */
export type EnvFragment<T = unknown> = z.ZodType<T, EnvSource>;

type Values<Fragments extends Record<string, EnvFragment>> = {
  readonly [K in keyof Fragments]: z.output<Fragments[K]>;
};

/** All that is wrong with an environment, one line each: the variable and what to do about it. */
export class EnvError extends Error {
  override readonly name = 'EnvError';

  constructor(readonly problems: readonly string[]) {
    super(
      `The environment is not usable (${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}):\n` +
        problems.map((problem) => `  - ${problem}`).join('\n'),
    );
  }
}

/**
 * Reads an environment through the fragments a process is made of. An empty or blank variable counts as unset, because
 * that is what `NAME=` in an env file and an emptied field of a hosting panel mean.
 *
 * @returns a frozen object with one member per fragment
 * @throws EnvError with every problem of every fragment; of a variable that several read, what the first of them says
 */
export function defineEnv<Fragments extends Record<string, EnvFragment>>(
  fragments: Fragments,
  source: EnvSource,
): Values<Fragments> {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value?.trim()));
  const problems = new Map<string, readonly string[]>();
  const values: Record<string, unknown> = {};
  for (const [name, fragment] of Object.entries(fragments)) {
    const result = fragment.safeParse(given);
    if (result.success) values[name] = result.data;
    else
      for (const [variable, issues] of Map.groupBy(result.error.issues, ({ path }) => path.join('.') || name))
        if (!problems.has(variable)) problems.set(variable, [...new Set(issues.map(({ message }) => message))]);
  }
  if (problems.size > 0)
    throw new EnvError(
      [...problems].flatMap(([variable, messages]) => messages.map((message) => `${variable}: ${message}`)),
    );
  return deepFreeze(values) as Values<Fragments>;
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
