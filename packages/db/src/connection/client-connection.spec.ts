import { Writable } from 'node:stream';
import type pg from 'pg';
import { TransactionConnection } from './client-connection.js';

test('what a transaction asks before it waits leaves in one piece, and what it asks then in the next', async () => {
  const pieces: string[][] = [];
  const stream = new Writable({
    decodeStrings: false,
    writev: (chunks, done) => {
      pieces.push(chunks.map(({ chunk }) => String(chunk)));
      done();
    },
  });
  const query = async (asked: string | { text: string }) => {
    const text = typeof asked === 'string' ? asked : asked.text;
    stream.write(text);
    return { rows: [], command: text.toUpperCase() };
  };
  const connection = new TransactionConnection({ query, connection: { stream } } as unknown as pg.ClientBase);
  connection.begin();
  const asked = [connection.hot('first'), connection.hot('second')];
  expect(pieces).toEqual([]);
  await new Promise(setImmediate);
  expect(pieces).toEqual([['begin', 'first', 'second']]);
  await Promise.all(asked);
  await connection.lastly('last');
  await connection.commit();
  await new Promise(setImmediate);
  expect(pieces).toEqual([
    ['begin', 'first', 'second'],
    ['last', 'commit'],
  ]);
});

test.each([
  ['together', true, 3],
  ['one at a time where the session copies', false, 1],
])(
  'a commit that notifies does not wait for the disk, and brings along what does: %s',
  async (_how, pipeline, most) => {
    const pieces: string[] = [];
    const underway = { now: 0, most: 0 };
    const query = async (asked: string | { text: string }) => {
      const text = typeof asked === 'string' ? asked : asked.text;
      pieces.push(text);
      underway.most = Math.max(underway.most, ++underway.now);
      await new Promise(setImmediate);
      underway.now -= 1;
      if (text.startsWith('set')) throw new Error('the transaction failed before');
      return { rows: [], command: text.toUpperCase() };
    };
    const stream = new Writable();
    const connection = new TransactionConnection({
      query,
      pipeline,
      connection: { stream },
    } as unknown as pg.ClientBase);
    connection.begin();
    await new Promise(setImmediate);
    await connection.run('write');
    connection.notifies();
    await connection.commit();
    expect(underway.most).toBe(most);
    const flush = expect.stringContaining('pg_logical_emit_message') as unknown;
    expect(pieces).toEqual(['begin', 'write', 'set local synchronous_commit = off', 'commit', flush]);
  },
);
