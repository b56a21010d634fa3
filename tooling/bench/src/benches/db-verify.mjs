import { verifyDatabases } from '@labelyard/deploy/verify-databases';
import { withConnection } from '@labelyard/embedded-postgres';
import { compare } from '../harness/compare.mjs';
import { cpuOfFamily, difference } from '../harness/process-meter.mjs';
import { openDatabases } from '../system/databases.mjs';

const REPORT = { say: () => undefined, progress: () => undefined };

/** Rows like annotations, in both databases. */
const FILL = (/** @type {number} */ rows) => `
  create table annotations (id bigint constraint pk_annotations primary key, image_id bigint not null, class_id bigint,
    version integer not null, state text not null, bbox_x double precision, bbox_y double precision, area double precision,
    updated_at timestamptz(3) not null, updated_by text not null, geometry json not null, attributes jsonb not null);
  insert into annotations select n, n / 100, n % 80, 1, 'draft', n * 0.37, n * 1.11, n / 7.0, '2026-11-22T10:00:00Z', 'user ' || n % 50,
    json_build_object('type', 'bbox', 'bbox', json_build_array(n * 0.37, n * 1.11, 10.5, 20.25)), jsonb_build_object('n', n % 7)
    from generate_series(1, ${rows}) n;
  analyze annotations`;

/** What Railway's guide compares databases by. */
const REFERENCE = `select md5(string_agg(t::text, '' order by id)) as sum from annotations t`;

/** @type {import('./bench.mjs').Bench} */
export const dbVerify = {
  name: 'db-verify',
  says: 'two databases compared to the byte, against md5(string_agg(t::text order by id)) on both at the same time',
  async run(lab) {
    const { labeler, user_admin, pid } = await openDatabases(lab);
    const rows = lab.bySize({ small: 50_000, standard: 2_000_000, full: 2_000_000 });
    const ends = [labeler, user_admin].map((url) => ({ url, applicationName: 'bench' }));
    const [source, target] = /** @type {[typeof ends[0], typeof ends[0]]} */ (ends);
    for (const { url } of ends) await withConnection(url, async (client) => void (await client.query(FILL(rows))));
    const verify = () => verifyDatabases({ source, target, passing: new Set(), report: REPORT });
    await assertItFinds(target.url, rows, verify);
    const timed = (/** @type {() => Promise<unknown>} */ work) => timedWith(pid, rows, work);
    return [
      await compare(
        {
          what: `${rows} rows on either side`,
          a: { name: 'yard db verify', run: () => timed(async () => assertEqual((await verify()).equal)) },
          b: { name: 'md5(string_agg)', run: () => timed(() => referenceRun(ends)) },
          ratio: 'speed',
          good: 3,
          goal: 8,
        },
        lab,
      ),
    ];
  },
};

/** A comparison that finds nothing is fast: one altered byte must be named before anything is measured. */
async function assertItFinds(
  /** @type {string} */ url,
  /** @type {number} */ rows,
  /** @type {() => ReturnType<typeof verifyDatabases>} */ verify,
) {
  const id = Math.floor(rows / 3);
  const set = (/** @type {string} */ by) =>
    withConnection(
      url,
      async (client) => void (await client.query(`update annotations set updated_by = '${by}' where id = ${id}`)),
    );
  await set('uses 1');
  const found = (await verify()).tables.flatMap(({ differences }) => differences);
  await set(`user ${id % 50}`);
  if (found.length !== 1 || found[0]?.key['id'] !== String(id) || found[0].columns.join() !== 'updated_by')
    throw new Error(`One altered row was not found: ${JSON.stringify(found)}`);
}

async function referenceRun(/** @type {readonly { url: string }[]} */ ends) {
  const [a, b] = await Promise.all(
    ends.map(({ url }) => withConnection(url, async (client) => (await client.query(REFERENCE)).rows[0].sum)),
  );
  assertEqual(a === b);
}

function assertEqual(/** @type {boolean} */ equal) {
  if (!equal) throw new Error('The two databases differ');
}

/** With the processor time of ours and of the server's. @param {number} pid @param {number} count @param {() => Promise<unknown>} work */
async function timedWith(pid, count, work) {
  const [began, own, server] = [performance.now(), process.cpuUsage(), cpuOfFamily(pid)];
  await work();
  const wall_ms = performance.now() - began;
  const { user, system } = process.cpuUsage(own);
  const server_ms = difference(server, cpuOfFamily(pid));
  return { wall_ms, count, cpu_ms: server_ms === null ? null : server_ms + (user + system) / 1000 };
}
