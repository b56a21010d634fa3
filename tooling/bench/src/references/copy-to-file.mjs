// `psql -c "COPY (…) TO STDOUT" > file` for machines without psql. Usage: copy-to-file.mjs FILE, with the query on stdin.
import { createWriteStream } from 'node:fs';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';

const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
await client.connect();
await pipeline(client.query(copyTo(await text(process.stdin))), createWriteStream(process.argv[2] ?? ''));
await client.end();
console.log('{}');
