import { YardError } from '../../cli/yard-error.js';
import { MOVE_SCHEMA } from '../catalog/catalog-sql.js';
import type { DatabaseCatalog } from '../catalog/database-catalog.js';
import { readCatalog } from '../catalog/read-catalog.js';
import { databaseIdentity } from '../../ends/open-ends.js';
import { sqlState } from '../database-error.js';
import { type Position, savePosition } from '../replay/position.js';
import { runInPasses } from '../run-in-passes.js';
import type { Session } from '../session.js';
import { shortName } from '../sql-names.js';
import { dropStatements } from './schema-statements.js';
import { trySchema } from './try-schema.js';

/** What a copy is going to make in its target, written there before it begins, so that an interrupted one can be cleaned up exactly. */
type Plan = Pick<DatabaseCatalog, 'tables' | 'sequences' | 'objects' | 'schemas'>;

export interface CopyMark {
  readonly source: string;
  readonly started_at: string;
  readonly finished_at: string | null;
}

const TABLE = `${MOVE_SCHEMA}.copy`;
/** Held by the session that fills a database, for as long as it does. The same number in every version. */
const FILLING_LOCK = 7_224_701_183;
/** The session of a command that was killed may need a moment to end. */
const WAIT_FOR_DEAD_MS = 4_000;

/** The copy a database was made by, finished or not; null when it was made otherwise. */
export async function readCopyMark(session: Session): Promise<CopyMark | null> {
  const { there } = await session.one<{ there: boolean }>(`select to_regclass('${TABLE}') is not null as there`);
  if (!there) return null;
  const [mark] = await session.rows<CopyMark>(`select source, started_at::text, finished_at::text from ${TABLE}`);
  return mark ?? null;
}

/** Marks an empty target as being filled. */
export async function beginCopy(session: Session, source: string, plan: Plan): Promise<void> {
  await session.transaction(async () => {
    await session.run(`create schema if not exists ${MOVE_SCHEMA}`);
    await session.run(`create table ${TABLE} (one boolean primary key default true check (one), source text not null,
      started_at timestamptz not null default now(), finished_at timestamptz, plan json not null)`);
    await session.run(`insert into ${TABLE} (source, plan) values ($1, $2)`, [source, JSON.stringify(namesOf(plan))]);
  });
}

/** The copy is whole; `position` says where it stands among the source's transactions, when its changes are being captured. */
export async function finishCopy(session: Session, position: Position | null): Promise<void> {
  await session.transaction(async () => {
    if (position) await savePosition(session, position);
    await session.run(`update ${TABLE} set finished_at = now()`);
  });
}

/** Takes away what an unfinished copy made, and nothing else. */
async function undoUnfinishedCopy(session: Session): Promise<void> {
  const { plan } = await session.one<{ plan: DatabaseCatalog }>(`select plan from ${TABLE}`);
  await runInPasses(session, dropStatements(plan));
  await session.run(`drop table ${TABLE}`);
}

/**
 * Keeps others from filling the same target, for as long as the session lasts: the lock of a state folder does not reach another machine.
 * Refuses a target that holds anything. A target that an earlier copy left unfinished is emptied of what that copy made.
 *
 * @throws YardError bad_input; failed while another command fills it
 */
export async function prepareTarget(session: Session, say: (line: string) => void): Promise<DatabaseCatalog> {
  await fillAlone(session);
  const mark = await readUnfinishedMark(session);
  if (mark) {
    say(
      `${databaseIdentity(session.options)} holds an unfinished copy begun ${mark.started_at}: what it made is taken away first`,
    );
    await undoUnfinishedCopy(session);
  }
  const catalog = await readCatalog(session);
  refuseFilled(session, catalog);
  return catalog;
}

async function fillAlone(session: Session): Promise<void> {
  try {
    await session.run(`set lock_timeout = ${WAIT_FOR_DEAD_MS}`);
    await session.run(`select pg_advisory_lock(${FILLING_LOCK})`);
    await session.run('set lock_timeout = 0');
  } catch (error) {
    if (sqlState(error) !== '55P03') throw error;
    throw new YardError(
      'failed',
      `${databaseIdentity(session.options)} is being filled by another command at this moment.`,
      'Let it end, then look: yard db verify. Nothing was changed.',
      { cause: error },
    );
  }
}

/**
 * What `prepareTarget` would do, in words, and whether the target can hold what `source` has; changes nothing.
 *
 * @throws YardError bad_input, as the copy would
 */
export async function inspectTarget(session: Session, source: DatabaseCatalog): Promise<string> {
  const mark = await readUnfinishedMark(session);
  if (mark) return `holds an unfinished copy begun ${mark.started_at}, which is made anew`;
  refuseFilled(session, await readCatalog(session));
  // The rest is for pg_dump, which makes it in its own way.
  if (source.unusual.length === 0) await trySchema(session, source);
  return 'empty';
}

async function readUnfinishedMark(session: Session): Promise<CopyMark | null> {
  const mark = await readCopyMark(session);
  if (mark?.finished_at)
    throw new YardError(
      'bad_input',
      `${databaseIdentity(session.options)} already holds a finished copy of ${mark.source} (${mark.finished_at}).`,
      'Compare the two with yard db verify, or make a fresh database (createdb) and copy into that.',
    );
  return mark;
}

function refuseFilled(session: Session, catalog: DatabaseCatalog): void {
  const found = [
    ...catalog.tables.map((table) => `table ${shortName(table)}`),
    ...catalog.sequences.map((sequence) => `sequence ${shortName(sequence)}`),
    ...catalog.objects.map(({ kind, name }) => `${kind} ${name}`),
    ...catalog.unusual,
  ];
  if (found.length > 0)
    throw new YardError(
      'bad_input',
      `${databaseIdentity(session.options)} is not empty: it has ${found.slice(0, 3).join(', ')}${found.length > 3 ? ` and ${found.length - 3} more` : ''}.`,
      'Copy into a fresh database (createdb labeler_new) and set the target’s URL to it; nothing was changed.',
    );
}

function namesOf({ tables, sequences, objects, schemas }: Plan): unknown {
  return {
    tables: tables.map(({ schema, name }) => ({ schema, name })),
    sequences: sequences.map(({ schema, name }) => ({ schema, name })),
    objects: objects.map(({ kind, name }) => ({ kind, name })),
    schemas,
  };
}
