import type { DatabaseCatalog } from '../catalog/database-catalog.js';
import type { Session } from '../session.js';
import { ident, literal, qualified, shortName } from '../sql-names.js';

export interface SequenceBehind {
  readonly sequence: string;
  /** What it would give next, and the largest value that is taken. */
  readonly next: string;
  readonly taken: string;
  readonly column: string;
}

/** Indexes that Postgres does not use because building them failed. */
export function invalidIndexes({ tables }: DatabaseCatalog): string[] {
  return tables.flatMap((table) =>
    table.indexes.filter(({ valid }) => !valid).map(({ name }) => `${name} of ${shortName(table)}`),
  );
}

/** Constraints that old rows were never checked against. */
export function unvalidatedConstraints({ tables }: DatabaseCatalog): string[] {
  return tables.flatMap((table) =>
    table.constraints.filter(({ validated }) => !validated).map(({ name }) => `${name} of ${shortName(table)}`),
  );
}

/** Sequences whose next value is taken: the next insert would fail. */
export async function sequencesBehind(session: Session, { sequences }: DatabaseCatalog): Promise<SequenceBehind[]> {
  const owned = sequences.flatMap((sequence) => (sequence.owner ? [{ ...sequence, owner: sequence.owner }] : []));
  if (owned.length === 0) return [];
  const one = owned.map(({ owner, ...sequence }) => {
    const table = qualified({ schema: owner.schema, name: owner.table });
    return `select ${literal(shortName(sequence))} as sequence, ${literal(`${shortName({ ...owner, name: owner.table })}.${owner.column}`)} as column,
      (s.last_value + case when s.is_called then q.seqincrement else 0 end)::text as next,
      (select max(${ident(owner.column)}) from ${table})::text as taken
      from ${qualified(sequence)} s, pg_sequence q where q.seqrelid = ${literal(qualified(sequence))}::regclass and q.seqincrement > 0`;
  });
  const rows = await session.rows<Omit<SequenceBehind, 'taken'> & { taken: string | null }>(one.join(' union all '));
  return rows.flatMap(({ taken, ...row }) =>
    taken !== null && BigInt(row.next) <= BigInt(taken) ? [{ ...row, taken }] : [],
  );
}
