import pg from 'pg';
import { createTestDatabases } from '../src/testing/index.js';
import { newDataset } from './world.js';

test('each pair of databases is its own and goes away', async () => {
  const [first, second] = await Promise.all([createTestDatabases(), createTestDatabases()]);
  await newDataset(first.labeler);
  expect(await second.labeler.sql.one(`select from datasets`)).toBeNull();
  await first.close();
  const gone = new pg.Client(first.labelerUrl);
  await expect(gone.connect()).rejects.toMatchObject({ code: '3D000' });
  await second.close();
});

test('a connection left open is a failure that names it, and the database goes away all the same', async () => {
  const databases = await createTestDatabases();
  const leaked = new pg.Client({ connectionString: databases.labelerUrl, application_name: 'forgetful' });
  leaked.on('error', () => undefined);
  await leaked.connect();
  await leaked.query('select 42');
  await expect(databases.close()).rejects.toThrow(/left open[^]*forgetful: select 42/u);
  const gone = new pg.Client(databases.labelerUrl);
  await expect(gone.connect()).rejects.toMatchObject({ code: '3D000' });
});
