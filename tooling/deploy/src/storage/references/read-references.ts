import type { DatabaseOptions } from '@labelyard/db';
import { openSession } from '../../database/session.js';
import type { BucketName } from '../../ends/open-ends.js';
import type { Reference } from './reference.js';
import { keyOf, REFERENCE_SQL, type ReferenceRow } from './reference-sql.js';

/** Rows that come with one round trip. */
const FETCH = 5_000;

/**
 * Every object of a bucket that the Labeler DB speaks of, as of one moment, by the bytes of the key, each key once. The server sorts and
 * holds them; here are never more than a few thousand. @throws YardError where the database cannot be read
 */
export async function* readReferences(
  database: DatabaseOptions,
  bucket: BucketName,
  signal: AbortSignal,
): AsyncGenerator<Reference> {
  const session = await openSession(database, signal);
  try {
    await session.run('begin isolation level repeatable read read only');
    await session.run(`declare wanted no scroll cursor for ${REFERENCE_SQL[bucket]}`);
    let last: string | undefined;
    for (;;) {
      const rows = await session.rows<ReferenceRow>(`fetch ${FETCH} from wanted`);
      for (const row of rows) {
        const key = keyOf(row);
        if (key !== row.sort_key)
          throw new Error(`The key of ${row.kind} ${JSON.stringify(key)} is ${JSON.stringify(row.sort_key)} in SQL.`);
        if (key === last) continue;
        last = key;
        const { kind, required, sha256, content_type, owner, size } = row;
        yield {
          key,
          kind,
          owner: Number(owner),
          required,
          sha256,
          content_type,
          size: size === null ? null : Number(size),
        };
      }
      if (rows.length < FETCH) return;
    }
  } finally {
    await session.close();
  }
}
