// What a person does all day: take an image, look at it, change it, say it is done, go to the next.
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { randomBox } from '../system/shapes.mjs';

/**
 * @typedef {import('./person.mjs').Person} Person
 * @typedef {import('./ledger.mjs').Ledger} Ledger
 * @typedef {import('../system/project-data.mjs').Project} Project
 *
 * @typedef {object} Day
 * @property {Project} project
 * @property {Ledger} ledger
 * @property {string[]} lost what was not as acknowledged when somebody looked
 * @property {() => number} random
 * @property {() => boolean} over
 * @property {number} pace_ms from the beginning of one call to that of the next, on average
 */

const SAVES = 5;
const MOST_PER_SAVE = 3;
/** Images stay about as full as they are. */
const MANY = 30;
/** The list is looked at before every so many images. */
const LIST_EVERY = 4;

/**
 * @param {Person} person
 * @param {Day} day
 */
export async function labelAllDay(person, day) {
  const step = pacer(day);
  for (let image = 0; !day.over(); image += 1) {
    if (image % LIST_EVERY === 0) await step(() => person.ask(list(day.project)));
    await labelOne(person, day, step);
  }
}

/** @param {Day} day */
function pacer({ pace_ms, random }) {
  let due = performance.now() + random() * pace_ms;
  /** @template T @param {() => Promise<T>} call @returns {Promise<T>} */
  return async (call) => {
    const wait = due - performance.now();
    if (wait > 0) await delay(wait);
    // Whoever is late does not hurry to make up for it.
    due = Math.max(due, performance.now()) + pace_ms * (0.5 + random());
    return call();
  };
}

/** @param {Project} project @returns {import('./person.mjs').Call} */
function list({ project_id }) {
  return { name: 'list', endpoint: 'images.list', params: { project_id, limit: 50 } };
}

/**
 * @param {Person} person
 * @param {Day} day
 * @param {ReturnType<typeof pacer>} step
 */
async function labelOne(person, { project, ledger, lost, random, over }, step) {
  const { project_id } = project;
  const image_id = project.first_image + Math.floor(random() * project.images);
  const where = { project_id, image_id };
  const lock = await step(() => person.ask({ name: 'lock', endpoint: 'locks.acquire', body: where, also: [423] }));
  if (lock?.status !== 200) return;
  const from = performance.now();
  try {
    const shown = await step(() => person.ask({ name: 'load', endpoint: 'annotations.of_image', params: where }));
    if (shown) lost.push(...ledger.lost(shown.body.items, image_id));
    await step(() =>
      person.ask({
        name: 'look',
        endpoint: 'live.look',
        params: { project_id },
        body: { stream_id: person.stream_id, image_id },
      }),
    );
    for (let save = 0; save < SAVES && !over(); save += 1) {
      if (save === 3) await step(() => person.ask({ name: 'heartbeat', endpoint: 'locks.heartbeat', body: where }));
      await step(() => saveSome(person, { project, ledger, random, image_id }));
    }
    const done = await step(() =>
      person.ask({ name: 'confirm', endpoint: 'images.confirm', params: where, body: { task_type: 'detection' } }),
    );
    if (done) ledger.confirmed(image_id);
  } finally {
    ledger.held({ image_id, person: person.id, from, to: performance.now() });
    await step(() => person.ask({ name: 'release', endpoint: 'locks.release', body: where }));
  }
}

/**
 * @param {Person} person
 * @param {Pick<Day, 'project' | 'ledger' | 'random'> & { image_id: number }} where
 */
async function saveSome(person, { project, ledger, random, image_id }) {
  const there = ledger.ofImage(image_id);
  const classes = project.classes.detection ?? [];
  const operations = Array.from({ length: 1 + Math.floor(random() * MOST_PER_SAVE) }, () => {
    const op_id = randomUUID();
    const geometry = randomBox(random);
    const class_id = classes[Math.floor(random() * classes.length)];
    const [row] =
      there.length > 0 && random() < there.length / MANY ? there.splice(Math.floor(random() * there.length), 1) : [];
    if (!row) return { op: 'create', op_id, task_type: 'detection', class_id, geometry };
    const which = { op_id, annotation_id: row.id, version: row.version };
    return random() < 0.5 ? { op: 'delete', ...which } : { op: 'update', ...which, geometry };
  });
  const params = { project_id: project.project_id, image_id };
  const answer = await person.ask({ name: 'save', endpoint: 'annotations.operations', params, body: { operations } });
  for (const [n, result] of (answer?.body.results ?? []).entries()) {
    const operation = /** @type {{ annotation_id?: number }} */ (operations[n]);
    if (result.status === 'applied') ledger.applied(result.annotation, operation.annotation_id);
    else
      person.measured({ name: 'save', method: 'POST', ms: 0, error: `save: ${JSON.stringify(result).slice(0, 300)}` });
  }
}
