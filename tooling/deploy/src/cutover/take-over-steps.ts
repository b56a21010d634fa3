import { YardError } from '../cli/yard-error.js';
import type { StepReport } from '../steps/step.js';
import type { Cutover, CutoverStep } from './cutover.js';
import type { PartMove } from './part-move.js';
import { PART_FACTS } from './parts.js';

/** One of the two ways an installation can go between its sides. */
export interface WayOfMove {
  /** Tells the steps of both ways apart in a journal. */
  readonly prefix: string;
  readonly move: 'forward' | 'back';
  /** The side whose writes end, and the side that has everything afterwards. */
  readonly leaves: 'from' | 'to';
  readonly leads: 'from' | 'to';
}

/** Fewer changes than this are left for the time when writes are stopped: they take a moment. */
const FEW_CHANGES = 200;
const MOST_ROUNDS = 30;

/** From a side that is used to two sides that are proven equal, with writes stopped. The same in both directions. */
export function takeOverSteps({ prefix, move, leaves }: WayOfMove): CutoverStep[] {
  const moves = ({ parts }: Cutover) => parts.map((part) => part[move]);
  return [
    {
      id: `${prefix}catch-up`,
      title: 'Take over what changed meanwhile',
      inspect: async () => ({ done: false, says: 'in rounds, while people work on, until little is left' }),
      apply: (cutover, report, signal) => catchUp(moves(cutover), report, signal),
    },
    {
      id: `${prefix}stop-writes`,
      title: 'Stop writes',
      inspect: async ({ writes }) => {
        const stopped = await writes[leaves].stopped();
        return stopped?.whole
          ? { done: true, says: `stopped since ${stopped.since}`, data: { stopped_at: stopped.since } }
          : { done: false, says: 'people can read on; writes wait' };
      },
      async apply({ writes, onStopped }) {
        const { stopped_at } = await writes[leaves].stop();
        onStopped(stopped_at);
        return { stopped_at };
      },
    },
    {
      id: `${prefix}last-changes`,
      title: 'Take over the last changes',
      inspect: async () => ({ done: false, says: 'nothing can be written any more' }),
      apply: async (cutover, report, signal) => {
        await Promise.all(moves(cutover).map((one) => one.finish(report, signal)));
      },
    },
    {
      id: `${prefix}prove`,
      title: 'Compare both sides',
      inspect: async () => ({ done: false, says: 'every row and every object' }),
      apply: (cutover, report, signal) => prove(moves(cutover), { report, signal, onProof: cutover.onProof }),
    },
  ];
}

/** Rounds get shorter while people write less than is taken over; where they do not, what is left is left for the stop. */
async function catchUp(
  moves: readonly PartMove[],
  report: StepReport,
  signal: AbortSignal,
): Promise<{ rounds: number }> {
  let before = Number.POSITIVE_INFINITY;
  for (let round = 1; ; round += 1) {
    let changes = 0;
    for (const move of moves) changes += await move.catchUp(report, signal);
    report.say(`round ${round}: ${changes.toLocaleString('en')} change${changes === 1 ? '' : 's'}`);
    const shrinks = changes < before / 2;
    before = changes;
    if (changes <= FEW_CHANGES || (!shrinks && round > 3) || round === MOST_ROUNDS) return { rounds: round };
  }
}

async function prove(
  moves: readonly PartMove[],
  { report, signal, onProof }: { report: StepReport; signal: AbortSignal; onProof: Cutover['onProof'] },
): Promise<unknown> {
  const proofs = await Promise.all(
    moves.map(async (move) => {
      const proof = await move.prove(report, signal);
      onProof(move.part, proof);
      report.say(`${PART_FACTS[move.part].says}: ${proof.says}`);
      return { part: move.part, ...proof };
    }),
  );
  const wrong = proofs.filter(({ equal }) => !equal);
  if (wrong.length > 0)
    throw new YardError(
      'failed',
      `Both sides differ:\n${wrong.flatMap(({ part, differences }) => differences.slice(0, 10).map((line) => `  ${PART_FACTS[part].says}: ${line}`)).join('\n')}`,
      'Nothing was switched. See the runbook "verify differs"; then run yard cutover rollback, or apply again once it is understood.',
    );
  return proofs;
}
