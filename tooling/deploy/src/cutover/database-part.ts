import type { DatabaseOptions } from '@labelyard/db';
import { databaseIdentity } from '../ends/open-ends.js';
import { captureStatus } from '../database/capture/capture-status.js';
import { captureOn } from '../database/capture/install-capture.js';
import { copyDatabase } from '../database/copy/copy-database.js';
import { readCopyMark } from '../database/copy/copy-mark.js';
import { catchUp, finishReplay, follow, pendingChanges } from '../database/replay/replay.js';
import { withSession } from '../database/session.js';
import { verifyDatabases } from '../database/verify/verify-databases.js';
import { sayReport } from '../database/verify/verify-report.js';
import type { Finding } from '../steps/step.js';
import type { MovablePart, PartMove, Proof } from './part-move.js';
import type { DatabasePart } from './parts.js';

export interface DatabaseEnds {
  readonly part: DatabasePart;
  readonly from: DatabaseOptions;
  readonly to: DatabaseOptions;
  /** Tables that hold only what passes. */
  readonly passing: ReadonlySet<string>;
  /** Makes the copy usable by those who will use it: rights are not copied, because roles differ between servers. */
  readonly grant: () => Promise<void>;
}

/** A database as a part of a cutover: copied as of one moment, then followed by its log of changes; the way back is the same log. */
export function databasePart({ part, from, to, passing, grant }: DatabaseEnds): MovablePart {
  return {
    part,
    forward: {
      ...followingMove({ part, source: from, target: to, passing }),
      copied: (signal) => isCopied(from, to, signal),
      copy: (report, signal) => copyDatabase({ source: from, target: to, passing, report, signal }),
    },
    back: {
      ...followingMove({ part, source: to, target: from, passing }),
      copied: async () => ({ done: true, says: 'the old side has everything that was there at the switch' }),
      copy: async () => undefined,
    },
    async openWayBack(report, signal) {
      await grant();
      await captureOn({ database: to, passing, report, signal });
      await follow({ source: to, target: from, signal });
    },
    async wayBackIsOpen(signal) {
      const { state } = await captureStatus(to, passing, signal);
      return state === 'on' && (await pendingChanges({ source: to, target: from, signal })).follows;
    },
  };
}

function followingMove(ends: {
  readonly part: DatabasePart;
  readonly source: DatabaseOptions;
  readonly target: DatabaseOptions;
  readonly passing: ReadonlySet<string>;
}): Omit<PartMove, 'copied' | 'copy'> {
  const { part, source, target, passing } = ends;
  return {
    part,
    says: `${databaseIdentity(source)} → ${databaseIdentity(target)}`,
    async catchUp(report, signal) {
      const rounds = await catchUp({ source, target, report, signal, most: 1 });
      return rounds.reduce((sum, { keys }) => sum + keys, 0);
    },
    finish: (report, signal) => finishReplay({ source, target, report, signal }),
    async prove(report, signal): Promise<Proof> {
      const found = await verifyDatabases({ source, target, passing, report, signal });
      const lines = sayReport(found);
      return {
        equal: found.equal,
        says: lines.at(-1) ?? '',
        differences: lines.slice(0, -1),
        compared: found.rows,
        data: found,
      };
    },
  };
}

/** Whether the target holds a finished copy that can be followed up by the log of the source. */
export async function isCopied(
  source: DatabaseOptions,
  target: DatabaseOptions,
  signal: AbortSignal,
): Promise<Finding> {
  const [mark, { follows }] = await Promise.all([
    withSession(target, signal, readCopyMark),
    pendingChanges({ source, target, signal }),
  ]);
  const label = databaseIdentity(target);
  if (mark?.finished_at && follows) return { done: true, says: `${label} was copied ${mark.finished_at}` };
  return { done: false, says: mark ? `${label} holds a copy that cannot be followed up` : `${label} is to be filled` };
}
