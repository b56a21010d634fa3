// `psql -c "COPY … FROM STDIN" < file` for machines without psql. Usage: copy-from-file.mjs FILE, with the statement on stdin.
import { createReadStream } from 'node:fs';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

const client = new pg.Client({ connectionString: process.env.DATABASE_URL, statement_timeout: 0 });
await client.connect();
await pipeline(createReadStream(process.argv[2] ?? ''), client.query(copyFrom(await text(process.stdin))));
await client.end();
console.log('{}');
