import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installedPrograms, startInstalledPostgres } from '@labelyard/embedded-postgres';
import { freeze } from '../../src/database/capture/freeze.js';
import { captureOn } from '../../src/database/capture/install-capture.js';
import { copyDatabase } from '../../src/database/copy/copy-database.js';
import { catchUp, finishReplay, follow } from '../../src/database/replay/replay.js';
import { sayReport } from '../../src/database/verify/verify-report.js';
import { verifyDatabases } from '../../src/database/verify/verify-databases.js';
import { otherPostgresPrograms } from '../env.js';
import { newDatabase, type TestDatabase } from './databases.js';
import { fillZoo, listening, ZOO_PASSING } from './zoo.js';

// A move from the embedded Postgres to an installed one of another major version and back, and the other way round.
const OURS = 17;
const programs =
  otherPostgresPrograms() ?? [16, 18, 15, 14].map(installedPrograms).find((folder) => folder !== undefined);
const NEEDS = 'needs an installed Postgres of another major version than 17 (apt-get install postgresql)';

/** What only versions from this one on can hold. */
const SINCE: Readonly<Record<number, string>> = {
  17: 'create table newer (id integer primary key, word text collate pg_catalog.pg_c_utf8)',
  18: 'create table newer (id integer primary key, twice integer generated always as (id * 2) virtual)',
};

(programs ? describe : describe.skip)(`another major version${programs ? '' : `: ${NEEDS}`}`, () => {
  let home = '';
  let server: Awaited<ReturnType<typeof startInstalledPostgres>>;
  const made: TestDatabase[] = [];

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'yard-other-major-'));
    server = await startInstalledPostgres({ programs: programs ?? '', home, fast: true });
  }, 60_000);
  afterEach(async () => {
    await Promise.all(made.splice(0).map((database) => database.drop()));
  });
  afterAll(() => {
    server?.stop();
    rmSync(home, { recursive: true, force: true });
  });

  async function pair(from: 'ours' | 'theirs') {
    const [ours, theirs] = [await newDatabase(), await newDatabase(undefined, server)];
    made.push(ours, theirs);
    return from === 'ours' ? ([ours, theirs] as const) : ([theirs, ours] as const);
  }
  const ends = ([source, target]: readonly [TestDatabase, TestDatabase]) => ({
    source: source.options,
    target: target.options,
    passing: ZOO_PASSING,
    report: listening(),
  });
  const major = async ({ query }: TestDatabase) =>
    (await query<{ major: number }>(`select current_setting('server_version_num')::int / 10000 as major`))[0]?.major ??
    0;

  test.each(['ours', 'theirs'] as const)(
    'a move from %s, with writes on either side of the switch, and back',
    async (from) => {
      const both = await pair(from);
      const [source, target] = both;
      const [there, back] = [ends(both), ends([target, source])];
      const differences = async () => {
        const report = await verifyDatabases(there);
        return report.equal ? [] : sayReport(report);
      };
      await fillZoo(source);
      const on = ({ options }: TestDatabase) =>
        captureOn({ database: options, passing: ZOO_PASSING, report: listening() });
      await on(source);
      await copyDatabase({ ...there, programs: null });
      expect(await differences()).toEqual([]);
      await on(target);
      await follow(back);
      await source.query(`update children set document = '{"q":1.00}', tags = '[1.00, 1e3]', exact = '1.500' where parent_id = 5;
      delete from by_text where key = 'key 3'; insert into by_text (key) values ('야호')`);
      await catchUp(there);
      await freeze({ database: source.options });
      await finishReplay(there);
      expect(await differences()).toEqual([]);
      await target.query(
        `update children set document = '{"q":2.0}', size = '-0' where parent_id = 6; truncate by_uuid`,
      );
      await freeze({ database: target.options });
      await finishReplay(back);
      expect(await differences()).toEqual([]);
      // The proof is one across versions: a digit that no number knows of is found.
      await source.query(`alter table children disable trigger all;
      update children set tags = '[2.0]' where parent_id = 7; update children set exact = 3.000 where parent_id = 8 and n = 3`);
      await target.query(`alter table children disable trigger all;
      update children set tags = '[2.00]' where parent_id = 7; update children set exact = 3.0 where parent_id = 8 and n = 3`);
      expect((await differences()).filter((line) => line.startsWith('  '))).toEqual([
        ...[0, 1, 2, 3, 4].map((n) => `  parent_id = 7, n = ${n}: changed in tags`),
        '  parent_id = 8, n = 3: changed in exact',
      ]);
    },
    60_000,
  );

  test('what only the newer of the two can hold is told before anything is touched', async () => {
    const theirs = await newDatabase(undefined, server);
    made.push(theirs);
    const from = (await major(theirs)) > OURS ? 'theirs' : 'ours';
    const [source, target] = await pair(from);
    await source.query(SINCE[await major(source)] ?? '');
    await expect(copyDatabase({ ...ends([source, target]), programs: null })).rejects.toMatchObject({
      exit: 'bad_input',
      message: expect.stringMatching(/\(Postgres \d+\) cannot hold what the source \(Postgres \d+\) has: .*"newer"/u),
      next: expect.stringMatching(/^Use a server of Postgres \d+ or newer as target, or do without it in the source/u),
    });
    expect(await target.query(`select from pg_namespace where nspname = 'labelyard_move'`)).toEqual([]);
  });
});
