import { startTestCluster } from '@labelyard/embedded-postgres';
import pg from 'pg';
import { openDatabases, openStorage, type Undo } from '../src/rehearse/stage-servers.js';
import { temporaryFolder } from './run-yard.js';
import { serve } from './serve.js';

test('a Postgres server that was given is left without the rehearsal’s databases and roles', async () => {
  const cluster = await startTestCluster();
  const client = new pg.Client({ connectionString: cluster.url('postgres') });
  await client.connect();
  try {
    using folder = temporaryFolder();
    const undo: Undo = [];
    const given = { storage: 'disk', postgres: cluster.url('postgres') } as const;
    const env = await openDatabases(given, folder.path, undo);
    const names = [env['LABELER_DB_URL'], env['USER_DB_URL']].flatMap((text = '') => {
      const { pathname, username } = new URL(text);
      return [pathname.slice(1), username];
    });
    const left = async () =>
      (await client.query('select datname as name from pg_database union select rolname from pg_roles')).rows
        .map(({ name }: { name: string }) => name)
        .filter((name) => names.includes(name)).length;
    expect(await left()).toBe(4);
    for (const step of undo.reverse()) await step();
    expect(await left()).toBe(0);
  } finally {
    await client.end();
    cluster.release();
  }
});

test('buckets that hold something are refused: a rehearsal empties them when it is done', async () => {
  await using server = await serve((_request, response) => {
    const object = '<Key>1/images/theirs.jpg</Key><Size>1</Size><ETag>"a"</ETag>';
    response.writeHead(200, { 'content-type': 'application/xml' });
    response.end(
      `<ListBucketResult><IsTruncated>false</IsTruncated><Contents>${object}<LastModified>2026-01-01T00:00:00Z</LastModified></Contents></ListBucketResult>`,
    );
  });
  const s3 = {
    endpoint: server.endpoint,
    access_key: 'key',
    secret_key: 'secret',
    region: 'auto',
    buckets: { datasets: 'theirs', annotations: 'others' },
  };
  const undo: Undo = [];
  await expect(openStorage({ storage: 's3', s3 }, '', '', undo)).rejects.toMatchObject({
    exit: 'bad_input',
    message: expect.stringContaining('"theirs"') as string,
    next: expect.stringContaining('S3_TEST_BUCKET_DATASETS') as string,
  });
  expect(undo).toEqual([]);
});
