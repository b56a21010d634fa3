import type { Session } from '../session.js';
import { literal, qualified } from '../sql-names.js';

interface SequenceValue {
  readonly schema: string;
  readonly name: string;
  readonly last_value: string;
  readonly is_called: boolean;
}

type Named = { readonly schema: string; readonly name: string };

/** Where sequences stand. They know no snapshots: read after the rows, they are at or beyond them. */
export async function readSequences(session: Session, sequences: readonly Named[]): Promise<SequenceValue[]> {
  if (sequences.length === 0) return [];
  return session.rows<SequenceValue>(
    sequences
      .map(
        (sequence) =>
          `select ${literal(sequence.schema)} as schema, ${literal(sequence.name)} as name, last_value::text, is_called from ${qualified(sequence)}`,
      )
      .join(' union all '),
  );
}

/** Sets the target's sequences to where the source's stand; never back. */
export async function carrySequences(source: Session, target: Session, sequences: readonly Named[]): Promise<number> {
  const values = await readSequences(source, sequences);
  const at = new Map((await readSequences(target, sequences)).map((value) => [qualified(value), value]));
  let moved = 0;
  for (const value of values) {
    const now = at.get(qualified(value));
    if (now && !isBehind(now, value)) continue;
    await target.run('select setval($1::regclass, $2::bigint, $3)', [
      qualified(value),
      value.last_value,
      value.is_called,
    ]);
    moved += 1;
  }
  return moved;
}

function isBehind(now: SequenceValue, wanted: SequenceValue): boolean {
  const [a, b] = [BigInt(now.last_value), BigInt(wanted.last_value)];
  return a < b || (a === b && !now.is_called && wanted.is_called);
}
