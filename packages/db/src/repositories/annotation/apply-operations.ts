import { type Annotation, DomainError } from '@labelyard/domain';
import type { Connection } from '../../connection/sql.js';
import {
  canonicalOpId,
  type AnnotationOperation,
  type OperationOutcome,
  type OperationStatus,
} from './annotation-operation.js';
import type { ImageScope } from './annotation-repository.js';
import { APPLY_ROUND } from './apply-statement.js';
import { appliedBefore, earlierAnswers, type EarlierRow } from './earlier-operations.js';
import { lockImage } from './lock-image.js';
import { operationsParameters, SEPARATOR } from './operation-columns.js';
import { intoRounds, MAX_ROUNDS, type Numbered } from './operation-rounds.js';

/** Most operations of one request. */
export const MAX_OPERATIONS = 5_000;

/** Lists with one entry per operation; see APPLY_ROUND. */
interface RoundRow {
  readonly n: string;
  readonly verdict: string;
  readonly annotation_id: string;
  readonly json: string;
}

/** Where the reason lies and what to say, by the code of a rejected operation. */
const REJECTIONS: Readonly<Record<string, { path: string; message: string }>> = {
  unknown_class: { path: 'class_id', message: 'The class does not exist in this project and task type' },
  task_type_not_of_project: { path: 'task_type', message: 'The task type is not one of the project’s' },
  op_id_taken: { path: 'op_id', message: 'The op_id was used for another image; every operation needs its own' },
  too_many_changes: {
    path: 'annotation_id',
    message: `One request may change an annotation ${MAX_ROUNDS} times at most; merge the changes`,
  },
};

/** See `AnnotationRepository.applyOperations`. */
export async function applyOperations(
  connection: Connection,
  scope: ImageScope,
  operations: readonly AnnotationOperation[],
): Promise<OperationOutcome[]> {
  return connection.atomic(async (transaction) => {
    await lockImage(transaction, scope);
    return applyToLocked(transaction, scope, operations);
  });
}

export interface ApplyOptions {
  /** The op_ids of the operations that were applied before, if that was read under the same lock (`BatchContext.applied`). */
  readonly applied?: ReadonlySet<string> | undefined;
  /** Nothing else follows in the transaction: its commit leaves with the operations. */
  readonly is_last?: boolean;
}

/** See `AnnotationRepository.applyToLocked`. */
export async function applyToLocked(
  transaction: Connection,
  { project_id, image_id, user_id }: ImageScope,
  operations: readonly AnnotationOperation[],
  { applied, is_last = false }: ApplyOptions = {},
): Promise<OperationOutcome[]> {
  if (operations.length > MAX_OPERATIONS) {
    throw new DomainError('payload_too_large', `A request may hold ${MAX_OPERATIONS} operations at most`, {
      max: MAX_OPERATIONS,
    });
  }
  const known = new Set(applied ?? (await appliedBefore(transaction, operations)));
  const { rounds, excess } = intoRounds(operations);
  const outcomes = new Array<OperationOutcome>(operations.length);
  for (const round of rounds) {
    const ask = is_last && round === rounds.at(-1) ? 'lastly' : 'hot';
    const { fresh = [], earlier = [] } = Object.groupBy(round, ({ operation }) =>
      known.has(canonicalOpId(operation) ?? '') ? 'earlier' : 'fresh',
    );
    if (earlier.length > 0) {
      const again = fresh.length > 0 ? 'hot' : ask;
      readEarlier(await earlierAnswers(transaction, again, image_id, earlier), operations, outcomes);
    }
    if (fresh.length === 0) continue;
    const { kind, parameters } = operationsParameters(fresh);
    const [row] = await transaction[ask]<RoundRow>(APPLY_ROUND[kind], [
      project_id,
      image_id,
      user_id,
      JSON.stringify(user_id),
      ...parameters,
    ]);
    readRound(row as RoundRow, operations, outcomes);
    for (const { n, operation } of fresh) {
      const key = canonicalOpId(operation);
      if (key && outcomes[n]?.status === 'applied') known.add(key);
    }
  }
  for (const numbered of excess) outcomes[numbered.n] = refused(numbered);
  return outcomes;
}

interface WireResult {
  readonly annotation: Annotation | null;
  readonly issues?: readonly { readonly message: string }[];
}

/** A single operation, its failures thrown. Answers the annotation, null after a delete. */
export async function applyOne(
  connection: Connection,
  scope: ImageScope,
  operation: AnnotationOperation,
): Promise<Annotation | null> {
  const [result] = await applyOperations(connection, scope, [operation]);
  const { annotation, issues } = JSON.parse(result?.json ?? '{}') as WireResult;
  switch (result?.status) {
    case 'applied':
      return annotation;
    case 'conflict':
      throw new DomainError('version_conflict', 'The annotation was changed meanwhile', { current: annotation });
    case 'rejected':
      throw new DomainError('validation_failed', issues?.[0]?.message ?? 'The operation cannot be applied', issues);
    default:
      throw new DomainError('not_found', 'The annotation does not exist any more', {
        annotation_id: result?.annotation_id,
      });
  }
}

function readEarlier(
  rows: readonly EarlierRow[],
  operations: readonly AnnotationOperation[],
  outcomes: OperationOutcome[],
): void {
  for (const { n, verdict, annotation_id, json } of rows) {
    const { op_id } = operations[n] as AnnotationOperation;
    outcomes[n] = outcome(op_id, verdict, verdict === 'applied', annotation_id, json ?? 'null');
  }
}

function readRound(row: RoundRow, operations: readonly AnnotationOperation[], outcomes: OperationOutcome[]): void {
  const numbers = row.n.split(',');
  const verdicts = row.verdict.split(',');
  const ids = row.annotation_id.split(',');
  const texts = row.json.split(SEPARATOR);
  for (let index = 0; index < numbers.length; index += 1) {
    const n = Number(numbers[index]);
    const annotation_id = ids[index] ? Number(ids[index]) : null;
    const { op_id } = operations[n] as AnnotationOperation;
    outcomes[n] = outcome(op_id, verdicts[index] as string, false, annotation_id, texts[index] || 'null');
  }
}

function refused({ operation }: Numbered): OperationOutcome {
  const annotation_id = operation.op === 'create' ? null : operation.annotation_id;
  return outcome(operation.op_id, 'too_many_changes', false, annotation_id, 'null');
}

/** `verdict`: applied, conflict, not_found, or a key of REJECTIONS. */
function outcome(
  op_id: string | null,
  verdict: string,
  replayed: boolean,
  annotation_id: number | null,
  annotation: string,
): OperationOutcome {
  const rejection = REJECTIONS[verdict];
  const status = rejection ? 'rejected' : (verdict as OperationStatus);
  const issues = rejection ? `,"issues":${JSON.stringify([{ code: verdict, ...rejection }])}` : '';
  const quoted = op_id === null ? 'null' : `"${op_id}"`;
  return {
    op_id,
    status,
    replayed,
    annotation_id,
    json: `{"op_id":${quoted},"status":"${status}","annotation":${annotation}${issues}}`,
  };
}
