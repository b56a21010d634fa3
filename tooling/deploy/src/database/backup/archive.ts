import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { YardError } from '../../cli/yard-error.js';
import { type DatabaseCatalog, storedColumns, type TableShape } from '../catalog/database-catalog.js';
import { readSequences } from '../copy/sequences.js';
import { finishSchema, finishTable, makeTables } from '../copy/stream-copy.js';
import type { Session } from '../session.js';
import { identList, qualified } from '../sql-names.js';

// Our own archive, for where pg_dump is missing or too old: frames of one letter, a length and that many bytes. The same rows give the
// same bytes.
//   C  what the database is made of and where its sequences stand, JSON
//   T  a table begins: its place in C, JSON     D  rows of it, as COPY writes them     E  it ends
//   Z  the archive ends: without it, it was cut

type FrameType = 'C' | 'T' | 'D' | 'E' | 'Z';
const HEADER_BYTES = 5;
const BLOCK_BYTES = 256 * 1024;
const LARGEST_FRAME = 256 * 1024 * 1024;

interface Contents {
  readonly catalog: DatabaseCatalog;
  readonly sequences: Awaited<ReturnType<typeof readSequences>>;
}

/** The archive of a session's snapshot, as it is read. */
export async function* writeArchive(
  session: Session,
  catalog: DatabaseCatalog,
  isPassing: (table: TableShape) => boolean,
): AsyncGenerator<Buffer> {
  // What Postgres believes of sizes changes by itself.
  const tables = catalog.tables.map((table) => ({ ...table, row_estimate: -1, bytes: 0 }));
  const sequences = await readSequences(session, catalog.sequences);
  const contents: Contents = { catalog: { ...catalog, tables }, sequences };
  yield* frame('C', Buffer.from(JSON.stringify(contents)));
  for (const [n, table] of catalog.tables.entries()) {
    if (isPassing(table)) continue;
    const order = table.primary_key.length > 0 ? ` order by ${identList(table.primary_key)}` : '';
    const columns = identList(storedColumns(table));
    yield* frame('T', Buffer.from(JSON.stringify({ table: n })));
    const rows = session.client.query(
      copyTo(`copy (select ${columns} from only ${qualified(table)}${order}) to stdout`),
    );
    try {
      for await (const block of inBlocks(rows)) yield* frame('D', block);
    } catch (error) {
      throw session.explain(error);
    }
    yield* frame('E', Buffer.alloc(0));
  }
  yield* frame('Z', Buffer.alloc(0));
}

/** Fills an empty database from an archive. @throws YardError bad_input when it is none, or is cut */
export async function readArchive(
  session: Session,
  bytes: AsyncIterable<Buffer>,
  begin: (catalog: DatabaseCatalog) => Promise<void>,
): Promise<DatabaseCatalog> {
  const frames = readFrames(bytes);
  const { catalog, sequences } = JSON.parse((await next(frames, ['C'])).payload.toString()) as Contents;
  await begin(catalog);
  await makeTables(session, catalog);
  for (;;) {
    const { type, payload } = await next(frames, ['T', 'Z']);
    if (type === 'Z') break;
    const table = catalog.tables[(JSON.parse(payload.toString()) as { table: number }).table];
    if (!table) throw broken('names a table it does not have');
    await session.transaction(() => restoreRows(session, table, frames));
  }
  for (const table of catalog.tables) await finishTable(session, table);
  await finishSchema([{ target: session }], catalog);
  for (const sequence of sequences)
    await session.run('select setval($1::regclass, $2::bigint, $3)', [
      qualified(sequence),
      sequence.last_value,
      sequence.is_called,
    ]);
  return catalog;
}

async function restoreRows(session: Session, table: TableShape, frames: Frames): Promise<void> {
  await session.run(`truncate only ${qualified(table)}`);
  const rows = async function* () {
    for (;;) {
      const { type, payload } = await next(frames, ['D', 'E']);
      if (type === 'E') return;
      yield payload;
    }
  };
  const writing = session.client.query(
    copyFrom(`copy ${qualified(table)} (${identList(storedColumns(table))}) from stdin with (freeze)`),
  );
  await pipeline(Readable.from(rows()), writing).catch((error: unknown) => {
    throw session.explain(error);
  });
}

/** The same bytes in pieces of one size: how the network cut them must not show. */
async function* inBlocks(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let size = 0;
  for await (const chunk of bytes) {
    held.push(chunk);
    size += chunk.length;
    if (size < BLOCK_BYTES) continue;
    const all = Buffer.concat(held);
    const whole = size - (size % BLOCK_BYTES);
    for (let at = 0; at < whole; at += BLOCK_BYTES) yield all.subarray(at, at + BLOCK_BYTES);
    held = [all.subarray(whole)];
    size -= whole;
  }
  if (size > 0) yield Buffer.concat(held);
}

function* frame(type: FrameType, payload: Buffer): Generator<Buffer> {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write(type, 'latin1');
  header.writeUInt32BE(payload.length, 1);
  yield header;
  if (payload.length > 0) yield payload;
}

interface Frame {
  readonly type: FrameType;
  readonly payload: Buffer;
}
type Frames = AsyncGenerator<Frame, void>;

async function* readFrames(bytes: AsyncIterable<Buffer>): Frames {
  let held: Buffer = Buffer.alloc(0);
  for await (const chunk of bytes) {
    held = held.length > 0 ? Buffer.concat([held, chunk]) : chunk;
    while (held.length >= HEADER_BYTES) {
      const length = held.readUInt32BE(1);
      if (length > LARGEST_FRAME) throw broken('is no archive of yard');
      if (held.length < HEADER_BYTES + length) break;
      yield {
        type: held.toString('latin1', 0, 1) as FrameType,
        payload: held.subarray(HEADER_BYTES, HEADER_BYTES + length),
      };
      held = held.subarray(HEADER_BYTES + length);
    }
  }
}

async function next(frames: Frames, wanted: readonly FrameType[]): Promise<Frame> {
  const { value, done } = await frames.next();
  if (done || !value) throw broken('ends in the middle');
  if (!wanted.includes(value.type)) throw broken('is no archive of yard');
  return value;
}

function broken(how: string): YardError {
  return new YardError('bad_input', `The archive ${how}.`, 'Use another backup: yard db backups lists them.');
}
