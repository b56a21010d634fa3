import type { Profile } from '../profiles/profile.js';
import { currentBasis, planCutover, scopeOf } from './cutover-plan.js';
import { movedEnvironment, PARTS, type Part } from './parts.js';
import { PHASES, refuseBackOutOfOrder, refuseOutOfOrder } from './phases.js';

const profile = (name: string, env: Profile['env']): Profile => ({ name, config: {}, env, origin: name });

const LOCAL = profile('local', {
  LABELER_DB_URL: 'postgres://me:x@localhost/labeler',
  USER_DB_URL: 'postgres://reader:x@localhost/people',
  USER_DB_ADMIN_URL: 'postgres://me:x@localhost/people',
  USER_DB_MANAGED: 'true',
  STORAGE_DRIVER: 'disk',
  DISK_ROOT: '/data',
  JWT_SECRET: 'local secret of at least 32 characters',
});
const CLOUD = profile('cloud', {
  LABELER_DB_URL: 'postgres://me:y@db.example/railway',
  USER_DB_URL: 'postgres://me:y@people.example/railway',
  USER_DB_MANAGED: 'true',
  S3_ENDPOINT: 'https://store.example',
  S3_ACCESS_KEY: 'key',
  S3_SECRET_KEY: 'secret',
  S3_BUCKET_DATASETS: 'images',
  S3_BUCKET_ANNOTATIONS: 'exports',
});
const plan = (options: Partial<Parameters<typeof planCutover>[2]> = {}, to = CLOUD) =>
  planCutover(LOCAL, to, { backup: false, ...options });

test('everything that differs moves, and nothing secret is written down', () => {
  const { plan: made, left } = plan();
  expect(made.body.parts.map(({ part }) => part)).toEqual(['user_db', 'labeler_db', 'images', 'exports']);
  expect(left).toEqual([]);
  expect(JSON.stringify(made)).not.toMatch(/:x@|:y@|secret/u);
});

test('what is the same, and what is the Platform’s, stays', () => {
  const platform = profile('cloud', {
    ...CLOUD.env,
    USER_DB_MANAGED: 'false',
    LABELER_DB_URL: LOCAL.env['LABELER_DB_URL'],
  });
  const { parts, left } = scopeOf(LOCAL, platform);
  expect(parts.map(({ part }) => part)).toEqual(['images', 'exports']);
  expect(left).toEqual([
    { part: 'user_db', why: expect.stringContaining('"cloud" does not set USER_DB_MANAGED=true. Set it there') },
    { part: 'labeler_db', why: expect.stringContaining('is the same on both sides') },
  ]);
});

test('source = target is refused with what each part is', () => {
  expect(() => plan({}, profile('cloud', LOCAL.env))).toThrow(/nothing to move[\s\S]*is the same on both sides/u);
});

test('one bucket alone cannot be switched, only copied ahead', () => {
  expect(() => plan({ parts: ['images'] })).toThrow('switches both at once');
  expect(plan({ parts: ['images'], ahead: true }).plan.body).toMatchObject({ ahead: true });
});

test('another place on either side makes a plan stale; another password does not', () => {
  const { plan: made } = plan();
  const elsewhere = profile('cloud', { ...CLOUD.env, S3_BUCKET_DATASETS: 'others' });
  const rotated = profile('cloud', { ...CLOUD.env, S3_SECRET_KEY: 'rotated' });
  expect(currentBasis(made.body, LOCAL, elsewhere)).not.toBe(made.basis);
  expect(currentBasis(made.body, LOCAL, rotated)).toBe(made.basis);
});

test('phases go in their order, where there is something to do', () => {
  const [first, second, , fourth] = PHASES as [...typeof PHASES];
  expect(() => second && refuseOutOfOrder(second, LOCAL.env, CLOUD)).toThrow(/phase 1.*people's database/su);
  expect(() => first && refuseOutOfOrder(first, LOCAL.env, CLOUD)).not.toThrow();
  const databasesMoved = movedEnvironment(LOCAL.env, CLOUD.env, ['user_db', 'labeler_db']);
  expect(() => fourth && refuseOutOfOrder(fourth, databasesMoved, CLOUD)).not.toThrow();
});

test('phases go back in the opposite order', () => {
  const moved = (...parts: Part[]) => movedEnvironment(LOCAL.env, CLOUD.env, parts);
  const back = (planned: Part[], active: Profile['env']) => () => refuseBackOutOfOrder(planned, active, LOCAL, CLOUD);
  expect(back(['user_db'], moved('user_db', 'labeler_db'))).toThrow(/Phase 2.*Labeler database.*db\.example/su);
  expect(back(['labeler_db'], moved(...PARTS))).toThrow('Phase 4');
  expect(back(['user_db'], moved('user_db'))).not.toThrow();
  expect(back(['labeler_db'], moved('user_db', 'labeler_db'))).not.toThrow();
  expect(back([...PARTS], moved(...PARTS))).not.toThrow();
  // What both sides share was moved by nobody.
  const shared = profile('cloud', { ...CLOUD.env, LABELER_DB_URL: LOCAL.env['LABELER_DB_URL'] });
  const active = movedEnvironment(LOCAL.env, shared.env, ['user_db']);
  expect(() => refuseBackOutOfOrder(['user_db'], active, LOCAL, shared)).not.toThrow();
});
