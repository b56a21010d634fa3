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

test('a commit that notifies does not wait for the disk, and brings along what does', async () => {
  const pieces: string[] = [];
  const query = async (asked: string | { text: string }) => {
    const text = typeof asked === 'string' ? asked : asked.text;
    pieces.push(text);
    if (text.startsWith('set')) throw new Error('the transaction failed before');
    return { rows: [], command: text.toUpperCase() };
  };
  const stream = new Writable();
  const connection = new TransactionConnection({ query, connection: { stream } } as unknown as pg.ClientBase);
  connection.begin();
  await connection.run('write');
  connection.notifies();
  await connection.commit();
  const flush = expect.stringContaining('pg_logical_emit_message') as unknown;
  expect(pieces).toEqual(['begin', 'write', 'set local synchronous_commit = off', 'commit', flush]);
});
