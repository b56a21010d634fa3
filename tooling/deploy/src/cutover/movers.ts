import { defineEnv, userDbEnv } from '@labelyard/config';
import type { DatabaseOptions } from '@labelyard/db';
import { createStorage, type StorageOptions } from '@labelyard/storage';
import type { CommandContext } from '../cli/command.js';
import { YardError } from '../cli/yard-error.js';
import { backupDatabase } from '../database/backup/backup-database.js';
import { captureStatus } from '../database/capture/capture-status.js';
import { freeze, frozenAt, thaw } from '../database/capture/freeze.js';
import { captureOff, captureOn } from '../database/capture/install-capture.js';
import { pendingChanges } from '../database/replay/replay.js';
import { databaseIdentity, databaseOf, type DatabaseName, passingTables, storageOf } from '../ends/open-ends.js';
import type { Profile } from '../profiles/profile.js';
import type { StepReport } from '../steps/step.js';
import { bucketParts } from './bucket-part.js';
import type { CutoverBody } from './cutover-plan.js';
import type { Cutover } from './cutover.js';
import { databasePart } from './database-part.js';
import { type DatabasePart, isBucketPart, isDatabasePart, type Part } from './parts.js';
import { createWriteStop } from './write-stop.js';

/** What moves the parts, and what holds writers back meanwhile. */
export type Movers = Pick<Cutover, 'parts' | 'writes' | 'watch' | 'backup'>;

export interface MoversOptions {
  readonly context: Pick<CommandContext, 'state' | 'signal'>;
  readonly from: Profile;
  readonly to: Profile;
  readonly body: CutoverBody;
  /** Where parts are now: what stays may have been moved by an earlier phase, and is then not where `from` says. */
  readonly now: (...parts: Part[]) => Profile;
}

const REASON = 'The installation is moving to another place. Your work is kept and saved in a moment.';

export function openMovers({ context, from, to, body, now }: MoversOptions): Movers {
  const moved = body.parts.map(({ part }) => part);
  const databases = watchedDatabases({ from, to, now }, moved.filter(isDatabasePart));
  const moves = databases.filter(({ part }) => part !== null);
  const [labeler] = databases;
  const writeStop = (side: 'from' | 'to') =>
    createWriteStop({
      labeler: labeler[side],
      databases: databases.map((database) => database[side]),
      freeze: (database) => freeze({ database, signal: context.signal }),
      // Also after Ctrl-C: people must not be kept waiting.
      thaw: (database) => thaw({ database }),
      frozenAt,
      reason: REASON,
    });
  return {
    parts: [
      ...moves.flatMap(({ name, part, ...ends }) =>
        part === null
          ? []
          : databasePart({
              part,
              ...ends,
              passing: passingTables(name),
              grant: () => (name === 'user' ? grantDirectory(to) : Promise.resolve()),
            }),
      ),
      ...(moved.some(isBucketPart)
        ? bucketParts(moved, { from: storageOf(from), to: storageOf(to), labeler, state: context.state })
        : []),
    ],
    writes: { from: writeStop('from'), to: writeStop('to') },
    watch: {
      async isOn(signal) {
        const states = await Promise.all(
          databases.map((database) => captureStatus(database.from, passingTables(database.name), signal)),
        );
        return states.every(({ state }) => state === 'on');
      },
      async begin(report, signal) {
        for (const { name, from: database } of databases)
          await captureOn({ database, passing: passingTables(name), report, signal });
      },
      async beginStaying(report, signal) {
        for (const { name, part, to: database } of databases)
          if (part === null) await captureOn({ database, passing: passingTables(name), report, signal });
      },
      async end(side, report, signal) {
        for (const { part, ...database } of databases)
          if (part !== null || !(await isWayBack(database[side], required(from, 'labeler'), { report, signal })))
            await captureOff({ database: database[side], report, signal });
      },
    },
    backup:
      body.backup && moves.length > 0
        ? (report, signal) => backUp(moves, storageOf(now('exports')), { report, signal })
        : null,
  };
}

/** A database whose changes are logged and whose writes are stopped; `part` is null where it stays. */
interface WatchedDatabase {
  readonly name: DatabaseName;
  readonly part: DatabasePart | null;
  readonly from: DatabaseOptions;
  readonly to: DatabaseOptions;
}

/** The Labeler DB first, even where it stays: uploads are written there, and writes are stopped there. */
function watchedDatabases(
  { from, to, now }: Pick<MoversOptions, 'from' | 'to' | 'now'>,
  moved: readonly DatabasePart[],
): [WatchedDatabase, ...WatchedDatabase[]] {
  const labelerMoves = moved.includes('labeler_db');
  const labeler = required(labelerMoves ? from : now('labeler_db'), 'labeler');
  return [
    {
      name: 'labeler',
      part: labelerMoves ? 'labeler_db' : null,
      from: labeler,
      to: labelerMoves ? required(to, 'labeler') : labeler,
    },
    ...(moved.includes('user_db')
      ? [{ name: 'user', part: 'user_db', from: required(from, 'user'), to: required(to, 'user') } as const]
      : []),
  ];
}

/** Whether an earlier phase can be taken back by what is logged in a database that stays: then the log is that phase's to end. */
async function isWayBack(
  staying: DatabaseOptions,
  old: DatabaseOptions,
  { report, signal }: { readonly report: StepReport; readonly signal: AbortSignal },
): Promise<boolean> {
  if (databaseIdentity(staying) === databaseIdentity(old)) return false;
  try {
    return (await pendingChanges({ source: staying, target: old, signal })).follows;
  } catch (error) {
    if (!(error instanceof YardError) || error.exit !== 'unavailable') throw error;
    report.say(
      `changes of ${databaseIdentity(staying)} are logged on: ${error.message} End it by yard db capture off.`,
    );
    return true;
  }
}

/** Into the storage the installation uses now. */
async function backUp(
  moves: readonly { readonly name: DatabaseName; readonly from: DatabaseOptions }[],
  options: StorageOptions,
  { report, signal }: { readonly report: StepReport; readonly signal: AbortSignal },
): Promise<string[]> {
  const storage = createStorage(options);
  try {
    const ids: string[] = [];
    for (const { name, from: database } of moves) {
      const bucket = storage.annotations;
      const passing = passingTables(name);
      const { made } = await backupDatabase({ database, name, kind: 'full', bucket, passing, report, signal });
      ids.push(made.id);
    }
    return ids;
  } finally {
    storage.close();
  }
}

/** @throws EnvError where the variables of a planned database are gone */
function required(profile: Profile, name: DatabaseName): DatabaseOptions {
  const database = databaseOf(profile, name);
  if (!database) throw new Error(`The plan moves the ${name} database, which "${profile.name}" does not have`);
  return database;
}

/** The role the API reads people with, on the new side. */
async function grantDirectory(profile: Profile): Promise<void> {
  const { createUserDb, grantReader } = await import('@labelyard/db');
  const owner = required(profile, 'user');
  const db = await createUserDb(owner);
  try {
    await grantReader(db, { reader: defineEnv({ db: userDbEnv }, profile.env).db.url, owner: owner.url });
  } finally {
    await db.close();
  }
}
