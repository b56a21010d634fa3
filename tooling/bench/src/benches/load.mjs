import pg from 'pg';
import { cpuOf, cpuOfFamily, together } from '../harness/process-meter.mjs';
import { atLeast, atMost } from '../harness/report.mjs';
import { inWords, Ledger } from '../labelers/ledger.mjs';
import { byKind, workShift } from '../labelers/shift.mjs';
import { hireStaff } from '../labelers/staff.mjs';
import { Installation } from '../system/installation.mjs';
import { makeProject } from '../system/project-data.mjs';

const REPLICAS = 2;
/**
 * Processor time a call may cost so that two cores reach the calls a second that are asked for; on a busy machine the figure
 * to trust. The rest of the two cores is the players' own.
 */
const CPU_MS = { good: 16, goal: 3.2 };
const P95_MS = { good: 200, goal: 50 };
const PER_SECOND = { good: 100, goal: 500 };
/** So that about one in six images somebody wants is somebody else's. */
const IMAGES_PER_PERSON = 6;
/** A little more than is asked for, because people are late at times. */
const MORE = 1.05;

/** @type {import('./bench.mjs').Bench} */
export const load = {
  name: 'load',
  says: 'a hundred people labeling one project at two replicas, each with an event stream; every acknowledged write is looked up',
  async run(lab) {
    const people_count = lab.bySize({ small: 10, standard: 100, full: 100 });
    const minute_ms = lab.bySize({ small: 6_000, standard: 60_000, full: 300_000 });

    const installation = await Installation.open(lab);
    const { databases } = installation;
    const api = await installation.startApi();
    const others = [];
    for (let n = 1; n < REPLICAS; n += 1) others.push(await installation.startApi());
    const images = people_count * IMAGES_PER_PERSON;
    const project = await makeProject(api, databases.labeler, { name: 'load', images, annotations: 0 });
    /** @type {import('../labelers/person.mjs').Measured[]} */
    const calls = [];
    const staff = await hireStaff(lab, {
      installation,
      apis: [api, ...others],
      project_id: project.project_id,
      count: people_count,
      measured: (call) => void calls.push(call),
    });

    const ledger = new Ledger();
    /** @type {string[]} */
    const lost = [];
    /** @type {string[]} */
    const errors = [];
    const meters = [api, ...others].map(
      ({ pid }) =>
        () =>
          cpuOf(pid),
    );
    const cpu = together(...meters, () => cpuOfFamily(databases.pid));
    /** @param {import('../labelers/shift.mjs').Shift} shift */
    const work = async (shift) => {
      lab.say(`they label ${shift.name} for ${shift.ms / 1000} s`);
      const worked = await workShift(shift, { staff, calls, cpu, project, ledger, lost });
      errors.push(...worked.calls.flatMap(({ error }) => error ?? []));
      for (const line of byKind(worked.calls)) lab.say(line);
      return worked;
    };
    // Until every session has its plans and the JavaScript is compiled: not counted.
    await work({ name: 'to get warm', offered: PER_SECOND.goal, ms: minute_ms / 3 });
    const calm = await work({ name: '100 times a second', offered: PER_SECOND.good * MORE, ms: minute_ms / 3 });
    const brisk = await work({ name: '500 times a second', offered: PER_SECOND.goal * MORE, ms: minute_ms });
    const most = await work({ name: 'without a pause', offered: Infinity, ms: minute_ms / 3 });

    lab.say(`comparing ${ledger.writes} acknowledged writes with the database`);
    lost.push(...ledger.lost(await storedRows(databases.labeler, project.project_id)));
    const doubles = ledger.doubleHolders();
    for (const problems of [errors, lost, doubles]) if (problems.length > 0) lab.say(inWords(problems));
    const heard = staff.reduce((sum, person) => sum + person.heard.events, 0);
    const breaks = staff.reduce((sum, person) => sum + person.heard.breaks, 0);
    lab.say(`${ledger.writes} writes, ${ledger.size} annotations, ${heard} events heard`);
    return [
      atMost({ what: 'p95 when 100 a second are wanted', value: calm.p95, unit: 'ms', ...P95_MS }),
      atMost({ what: 'p95 when 500 a second are wanted', value: brisk.p95, unit: 'ms', ...P95_MS }),
      atLeast({ what: 'calls a second then', value: brisk.per_second, unit: '/s', ...PER_SECOND }),
      atLeast({ what: 'calls a second without a pause', value: most.per_second, unit: '/s', ...PER_SECOND }),
      ...(brisk.cpu_ms === null
        ? []
        : [atMost({ what: 'processor time of a call', value: brisk.cpu_ms, unit: 'ms', ...CPU_MS })]),
      atMost({ what: 'errors', value: errors.length, unit: '', good: 0, goal: 0 }),
      atMost({ what: 'acknowledged writes lost or changed', value: lost.length, unit: '', good: 0, goal: 0 }),
      atMost({ what: 'images held by two', value: doubles.length, unit: '', good: 0, goal: 0 }),
      atMost({ what: 'streams broken or told to read anew', value: breaks, unit: '', good: 0, goal: 0 }),
    ];
  },
};

/**
 * @param {string} url
 * @param {number} project_id
 * @returns {Promise<import('../labelers/ledger.mjs').Row[]>}
 */
async function storedRows(url, project_id) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query(
      `select id::integer, image_id::integer, version, class_id::integer, state, geometry from annotations where project_id = $1`,
      [project_id],
    );
    return rows;
  } finally {
    await client.end();
  }
}
