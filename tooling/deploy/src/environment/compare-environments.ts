import { type EnvSource, isSecretName, VARIABLES } from '@labelyard/config';
import { shownValue } from './shown-value.js';

/** A variable that is not the same on both sides, its values as they may be shown. */
export interface EnvDifference {
  readonly variable: string;
  readonly from: string | null;
  readonly to: string | null;
}

export interface EnvComparison {
  readonly differences: readonly EnvDifference[];
  /** Secrets that both sides have in common. */
  readonly shared_secrets: readonly string[];
}

/** Compares two environments variable by variable, in the order of the table, then others by name. */
export function compareEnvironments(from: EnvSource, to: EnvSource): EnvComparison {
  const known = VARIABLES.map(({ name }) => name);
  const others = [...new Set([...Object.keys(from), ...Object.keys(to)])]
    .filter((name) => !known.includes(name))
    .sort();
  const names = [...known, ...others];
  const value = (env: EnvSource, name: string) => env[name]?.trim() || null;
  const shown = (name: string, text: string | null) => (text === null ? null : shownValue(name, text));
  return {
    differences: names
      .filter((name) => value(from, name) !== value(to, name))
      .map((name) => ({
        variable: name,
        from: shown(name, value(from, name)),
        to: shown(name, value(to, name)),
      })),
    shared_secrets: names.filter(
      (name) => isSecretName(name) && value(from, name) && value(from, name) === value(to, name),
    ),
  };
}
