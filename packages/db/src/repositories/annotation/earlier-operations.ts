import type { Connection } from '../../connection/sql.js';
import { annotationJson } from './annotation-json.js';
import { canonicalOpId, type AnnotationOperation } from './annotation-operation.js';
import type { Numbered } from './operation-rounds.js';

/** What an operation that was sent before is answered with. */
export interface EarlierRow {
  readonly n: number;
  readonly verdict: 'applied' | 'op_id_taken';
  readonly annotation_id: number | null;
  /** The annotation on the wire as that operation left it; null after a delete. */
  readonly json: string | null;
}

/** Those op_ids of the operations that were applied before, on whatever image. */
export async function appliedBefore(
  connection: Connection,
  operations: readonly AnnotationOperation[],
): Promise<ReadonlySet<string>> {
  const op_ids = operations.flatMap((operation) => canonicalOpId(operation) ?? []);
  if (op_ids.length === 0) return new Set();
  const rows = await connection.hot<{ op_id: string }>(
    'select op_id from annotation_history where op_id = any ($1::uuid[])',
    [op_ids],
  );
  return new Set(rows.map(({ op_id }) => op_id));
}

/** $1 image, $2 places in the request, $3 op_ids. The state after a change is what the next one replaced, or what is there now. */
const EARLIER = `
select x.n, case when k.image_id = $1 then 'applied' else 'op_id_taken' end as verdict,
  case when k.image_id = $1 then k.annotation_id end as annotation_id,
  case when k.image_id = $1 then coalesce(
    (select h.previous::text from annotation_history h where h.annotation_id = k.annotation_id and h.version = k.version + 1 limit 1),
    (select ${annotationJson('a')} from annotations a where a.id = k.annotation_id and a.version = k.version)
  ) end as json
from unnest($2::integer[], $3::uuid[]) x (n, op_id) left join annotation_history k using (op_id)`;

/** What each of these operations was answered with, in any order. `ask`: `hot`, or `lastly` where nothing follows in the transaction. */
export function earlierAnswers(
  transaction: Connection,
  ask: 'hot' | 'lastly',
  image_id: number,
  earlier: readonly Numbered[],
): Promise<EarlierRow[]> {
  const op_ids = earlier.map(({ operation }) => operation.op_id);
  return transaction[ask]<EarlierRow>(EARLIER, [image_id, earlier.map(({ n }) => n), op_ids]);
}
