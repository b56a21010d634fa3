import type { PersonWithOrganization, UserDb } from '@labelyard/db';
import { BoundedCache } from './bounded-cache.js';
import { People, PERSON_TTL_MS } from './people.js';

function person(id: string): PersonWithOrganization {
  return {
    id,
    email: `${id}@example.org`,
    full_name: id,
    company: null,
    division: null,
    department: null,
    organization_id: null,
    organization: null,
    system_role: 'guest',
    is_active: true,
    avatar_name: null,
    badge_color: null,
    session_epoch: 0,
    created_at: '2026-01-01T00:00:00.000Z',
  };
}

/** A User DB of the people a, b and c that counts its queries. */
function directory() {
  const queries: string[][] = [];
  const known = new Map(['a', 'b', 'c'].map((id) => [id, person(id)]));
  const clock = { now: 0 };
  const users = {
    get: async (id: string) => {
      queries.push([id]);
      return known.get(id) ?? null;
    },
    byIds: async (ids: Iterable<string>) => {
      queries.push([...ids]);
      return new Map([...known].filter(([id]) => queries.at(-1)?.includes(id)));
    },
  };
  return { queries, known, clock, people: new People({ users } as unknown as UserDb, () => clock.now) };
}

test('requests at the same moment share one query, and the next ones need none', async () => {
  const { people, queries } = directory();
  await Promise.all([people.get('a'), people.get('a'), people.get('a')]);
  expect(await people.get('a')).toMatchObject({ id: 'a' });
  expect(queries).toEqual([['a']]);
});

test('a change is seen after the time to live, and somebody who is gone is not remembered', async () => {
  const { people, queries, known, clock } = directory();
  await people.get('a');
  known.delete('a');
  clock.now += PERSON_TTL_MS - 1;
  expect(await people.get('a')).not.toBeNull();
  clock.now += 1;
  expect(await people.get('a')).toBeNull();
  expect(await people.get('a')).toBeNull();
  expect(queries).toHaveLength(3);
});

test('a list asks once for those it does not know', async () => {
  const { people, queries } = directory();
  await people.get('a');
  const found = await people.summaries(['a', 'b', 'b', 'nobody', 'c']);
  expect([...found.keys()].sort()).toEqual(['a', 'b', 'c']);
  expect(queries).toEqual([['a'], ['b', 'nobody', 'c']]);
  await people.summaries(['b', 'c']);
  expect(queries).toHaveLength(2);
});

test('a query that failed is not shared with later requests', async () => {
  const { people } = directory();
  const broken = new People({ users: { get: () => Promise.reject(new Error('down')) } } as unknown as UserDb);
  await expect(broken.get('a')).rejects.toThrow('down');
  await expect(broken.get('a')).rejects.toThrow('down');
  expect(people.known('a')).toBeNull();
});

test('a full cache forgets who was not asked for the longest', () => {
  const cache = new BoundedCache<number>(4);
  for (const [n, key] of ['a', 'b', 'c', 'd'].entries()) cache.set(key, n);
  cache.get('a');
  cache.set('e', 4);
  expect(['a', 'b', 'c', 'd', 'e'].map((key) => cache.get(key))).toEqual([0, undefined, 2, 3, 4]);
  expect(cache.size).toBe(4);
});

test('what was being read while the account was changed is not remembered', async () => {
  let answer: (person: PersonWithOrganization) => void = () => undefined;
  const get = () => new Promise<PersonWithOrganization>((resolve) => (answer = resolve));
  const people = new People({ users: { get } } as unknown as UserDb);
  const reading = people.get('a');
  people.forget('a');
  answer(person('a'));
  await reading;
  expect(people.known('a')).toBeNull();
});
