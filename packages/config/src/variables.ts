import { VARIABLE_TABLE, type VariableReader, type VariableRow } from './variable-table.js';

/** What is known of a variable besides the rules its value must keep (those are in the fragments). */
export interface Variable {
  readonly name: string;
  readonly group: VariableGroup;
  /** What it is, in words that end a sentence beginning with its name. */
  readonly says: string;
  /** What counts when it is not set; absent where nothing does. */
  readonly fallback?: string;
  readonly example: string;
  /** Nobody may see its value. */
  readonly secret: boolean;
  readonly processes: readonly VariableReader[];
  /** On Railway: a reference that gives it, or why to leave it out. */
  readonly railway?: string;
}

export type VariableGroup = keyof typeof VARIABLE_TABLE;

/** What each group is about, in the order in which they are listed. */
export const VARIABLE_GROUPS = Object.fromEntries(
  Object.entries(VARIABLE_TABLE).map(([group, { title }]) => [group, title]),
) as Readonly<Record<VariableGroup, string>>;

/** Every variable of an installation. */
export const VARIABLES: readonly Variable[] = Object.entries(VARIABLE_TABLE).flatMap(([group, { processes, rows }]) =>
  Object.entries<VariableRow>(rows).map(([name, row]) => ({
    name,
    group: group as VariableGroup,
    processes,
    ...row,
    secret: row.secret ?? false,
  })),
);

const BY_NAME = new Map(VARIABLES.map((variable) => [variable.name, variable]));

/** The variable of that name, or undefined: nothing of ours. */
export function variableNamed(name: string): Variable | undefined {
  return BY_NAME.get(name);
}

/** Whether nobody may see the value: said by the table, or for other names by how they sound. */
export function isSecretName(name: string): boolean {
  return (
    variableNamed(name)?.secret ??
    /SECRET|PASSWORD|TOKEN|(?:ACCESS|PRIVATE|SIGNING|API)_?KEY|DATABASE_(?:\w+_)?URL/u.test(name)
  );
}
