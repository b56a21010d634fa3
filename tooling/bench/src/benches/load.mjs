import { createClient } from '@labelyard/contract';
import pg from 'pg';
import { cpuOf, cpuOfFamily, difference, together } from '../harness/process-meter.mjs';
import { atLeast, atMost } from '../harness/report.mjs';
import { percentile } from '../harness/statistics.mjs';
import { labelAllDay } from '../labelers/day.mjs';
import { inWords, Ledger } from '../labelers/ledger.mjs';
import { Person } from '../labelers/person.mjs';
import { Installation } from '../system/installation.mjs';
import { makeProject } from '../system/project-data.mjs';
import { seededRandom } from '../system/random.mjs';

const REPLICAS = 2;
/**
 * Processor time a call may cost so that two cores reach the calls a second that are asked for; on a busy machine the figure
 * to trust. The rest of the two cores is the players' own.
 */
const CPU_MS = { good: 16, goal: 3.2 };
/** So that about one in six images somebody wants is somebody else's. */
const IMAGES_PER_PERSON = 6;
const PASSWORD = 'load-password';

/** @type {import('./bench.mjs').Bench} */
export const load = {
  name: 'load',
  says: 'a hundred people labeling one project at two replicas, each with an event stream; every acknowledged write is looked up',
  async run(lab) {
    const people_count = lab.bySize({ small: 10, standard: 100, full: 100 });
    const duration_ms = lab.bySize({ small: 5_000, standard: 60_000, full: 300_000 });
    const calls_per_second = lab.bySize({ small: 100, standard: 600, full: 600 });

    const installation = await Installation.open(lab);
    const { databases } = installation;
    const apis = [];
    for (let n = 0; n < REPLICAS; n += 1) apis.push(await installation.startApi());
    const [api] = /** @type {[import('../system/installation.mjs').Api]} */ (apis);
    const images = people_count * IMAGES_PER_PERSON;
    const project = await makeProject(api, databases.labeler, { name: 'load', images, annotations: 0 });

    lab.say(`${people_count} people sign in`);
    const accounts = await installation.addPeople(
      Array.from({ length: people_count }, (_, n) => ({
        email: `person-${n}@labelyard.example`,
        full_name: `Person ${n}`,
        password: PASSWORD,
      })),
    );
    /** @type {import('../labelers/person.mjs').Measured[]} */
    const calls = [];
    const people = [];
    for (const [n, { id, email }] of accounts.entries()) {
      const { project_id } = project;
      await api.call('members.add', { params: { project_id }, body: { user_id: id, role: 'annotator' } });
      const origin = /** @type {{ origin: string }} */ (apis[n % REPLICAS]).origin;
      const { access_token: token } = await createClient({ origin })('auth.login', {
        body: { email, password: PASSWORD },
      });
      const ports = apis.map(({ port }) => port);
      const person = new Person({ id, token, ports, start: n, measured: (call) => void calls.push(call) });
      lab.later(() => person.leave());
      await person.listen(project_id);
      people.push(person);
    }

    lab.say(`they label for ${duration_ms / 1000} s, ${calls_per_second} calls a second if they are let`);
    const ledger = new Ledger();
    /** @type {string[]} */
    const lost = [];
    const cpu = together(
      ...apis.map(
        ({ pid }) =>
          () =>
            cpuOf(pid),
      ),
      () => cpuOfFamily(databases.pid),
    );
    const cpu_before = cpu();
    const begun = performance.now();
    await Promise.all(
      people.map((person, n) =>
        labelAllDay(person, {
          project,
          ledger,
          lost,
          random: seededRandom(n + 1),
          over: () => performance.now() - begun >= duration_ms,
          pace_ms: (1000 * people_count) / calls_per_second,
        }),
      ),
    );
    const seconds = (performance.now() - begun) / 1000;
    const cpu_ms = difference(cpu_before, cpu());

    lab.say(`comparing ${ledger.writes} acknowledged writes with the database`);
    lost.push(...ledger.lost(await storedRows(databases.labeler, project.project_id)));
    const doubles = ledger.doubleHolders();
    const errors = calls.flatMap(({ error }) => error ?? []);
    for (const problems of [errors, lost, doubles]) if (problems.length > 0) lab.say(inWords(problems));
    const heard = people.reduce((sum, person) => sum + person.heard.events, 0);
    const breaks = people.reduce((sum, person) => sum + person.heard.breaks, 0);
    lab.say(`${calls.length} calls, ${ledger.writes} writes, ${ledger.size} annotations, ${heard} events heard`);

    const names = [...new Set(calls.map(({ name }) => name))].toSorted();
    const times = (/** @type {string} */ name) => calls.filter((call) => call.name === name).map(({ ms }) => ms);
    for (const name of names) lab.say(summary(name, times(name)));
    const all = calls.map(({ ms }) => ms);
    return [
      atLeast({ what: 'calls a second', value: calls.length / seconds, unit: '/s', good: 100, goal: 500 }),
      atMost({ what: 'p95 of all calls', value: percentile(all, 0.95), unit: 'ms', good: 200, goal: 50 }),
      ...names.map((name) =>
        atMost({ what: `p95 of ${name}`, value: percentile(times(name), 0.95), unit: 'ms', good: 200, goal: 50 }),
      ),
      ...(cpu_ms === null
        ? []
        : [atMost({ what: 'processor time of a call', value: cpu_ms / calls.length, unit: 'ms', ...CPU_MS })]),
      atMost({ what: 'errors', value: errors.length, unit: '', good: 0, goal: 0 }),
      atMost({ what: 'acknowledged writes lost or changed', value: lost.length, unit: '', good: 0, goal: 0 }),
      atMost({ what: 'images held by two', value: doubles.length, unit: '', good: 0, goal: 0 }),
      atMost({ what: 'streams broken or told to read anew', value: breaks, unit: '', good: 0, goal: 0 }),
    ];
  },
};

/** @param {string} name @param {readonly number[]} times */
function summary(name, times) {
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((p) => percentile(times, p).toFixed(1));
  return `${name.padEnd(10)} ${String(times.length).padStart(6)}  p50 ${p50}  p95 ${p95}  p99 ${p99} ms`;
}

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
