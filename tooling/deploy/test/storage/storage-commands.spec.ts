import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createStorage } from '@labelyard/storage';
import type { StoragePlanBody } from '../../src/storage/plan/plan-body.js';
import { runYard, temporaryFolder } from '../run-yard.js';
import { fill } from './two-sides.js';

/** An installation's folder with two environments whose objects lie on disk. */
function installation() {
  const folder = temporaryFolder();
  const open = (name: string) => {
    const root = join(folder.path, name);
    writeFileSync(
      join(folder.path, `${name}.env`),
      `STORAGE_DRIVER=disk\nDISK_ROOT=${root}\nJWT_SECRET=${'s'.repeat(40)}\nENVIRONMENT=development\n`,
    );
    return createStorage({ driver: 'disk', root, public_url: '', signing_secret: 's'.repeat(40) });
  };
  const [here, there] = [open('here'), open('there')];
  writeFileSync(
    join(folder.path, 'yard.config.ts'),
    `export default { profiles: { here: { env_file: 'here.env' }, there: { env_file: 'there.env' } } };\n`,
  );
  const ends = ['--from', 'here', '--to', 'there'];
  return {
    here,
    there,
    yard: (...argv: string[]) => runYard(argv, { cwd: folder.path }),
    ends,
    plan: async (...more: string[]) =>
      (await runYard(['storage', 'plan', ...ends, '--no-database', '--json', ...more], { cwd: folder.path })).json<{
        path: string;
        body: StoragePlanBody;
      }>(),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

test('plan, sync, check: both buckets', async () => {
  using it = installation();
  await fill(it.here.datasets, { '1/images/a.jpg': 'a', '1/images/empty.jpg': '' });
  await fill(it.here.annotations, { '1/exports/1/coco.json': '{}' });
  const { path, body } = await it.plan();
  expect(body.buckets.map(({ bucket, transfer }) => [bucket, transfer])).toEqual([
    ['datasets', { objects: 2, bytes: 1, class_a: 4, class_b: 2 }],
    ['annotations', { objects: 1, bytes: 2, class_a: 3, class_b: 1 }],
  ]);
  expect(body.buckets[0]?.zero_byte.samples).toEqual(['1/images/empty.jpg']);
  const synced = await it.yard('storage', 'sync', path);
  expect(synced).toMatchObject({ code: 0 });
  expect(synced.stdout).toContain('Complete: copied 2 objects, 1 B');
  const checked = await it.yard('storage', 'check', ...it.ends, '--no-database', '--level', 'full');
  expect(checked).toMatchObject({ code: 0 });
  expect(checked.stdout).toContain('Equal: 2 objects');
  expect((await it.yard('storage', 'sync', path)).code).toBe(0);
});

test('a plan is refused when it was edited, or when either side has changed', async () => {
  using it = installation();
  await fill(it.here.datasets, { a: 'a' });
  const { path } = await it.plan();
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.replace('"overwrite": false', '"overwrite": true'));
  const edited = await it.yard('storage', 'sync', path);
  expect(edited.code).toBe(3);
  expect(edited.stderr).toContain('was changed after it was made');
  writeFileSync(path, text);
  await fill(it.there.datasets, { a: 'mine' });
  expect((await it.yard('storage', 'sync', path)).stderr).toContain(
    'somebody else has written to the datasets of there',
  );
  await fill(it.here.datasets, { b: 'b' });
  const stale = await it.yard('storage', 'sync', path);
  expect(stale.code).toBe(3);
  expect(stale.stderr).toContain('the datasets of here have changed');
  expect(stale.stderr).toContain('yard storage plan --from here --to there');
});

test('overwrites only what a plan says, and says what differs', async () => {
  using it = installation();
  await fill(it.here.datasets, { a: 'here', b: 'b' });
  await fill(it.there.datasets, { a: 'there!' });
  const left = await it.yard('storage', 'sync', ...it.ends);
  expect(left.code).toBe(1);
  expect(left.stdout).toContain('conflict: 1 object');
  const differs = await it.yard('storage', 'check', ...it.ends, '--no-database', '--level', 'size');
  expect(differs.code).toBe(2);
  const { path } = await it.plan('--overwrite');
  expect((await it.yard('storage', 'sync', path)).code).toBe(0);
  expect((await it.yard('storage', 'check', ...it.ends, '--no-database')).code).toBe(0);
});

test('takes back what came on the new side', async () => {
  using it = installation();
  await fill(it.here.datasets, { a: 'a' });
  expect((await it.yard('storage', 'sync', ...it.ends)).code).toBe(0);
  await fill(it.there.datasets, { b: 'came later' });
  expect((await it.yard('storage', 'sync', ...it.ends, '--back')).code).toBe(0);
  expect((await it.here.datasets.head('b')).size).toBe(10);
});

test.each([
  [['sync', '--from', 'here'], 3, '--to is missing'],
  [['sync', '--from', 'here', '--to', 'here'], 3, 'are the same bucket'],
  [['plan', '--from', 'here', '--to', 'nowhere'], 3, 'no environment "nowhere"'],
  [['check', '--from', 'here', '--to', 'there', '--level', 'none'], 3, '--level'],
  [['check', '--from', 'here', '--to', 'there'], 3, 'LABELER_DB'],
])('%j: exit %d, %s', async (argv, code, says) => {
  using it = installation();
  const ran = await it.yard('storage', ...argv);
  expect(ran.stderr).toContain(says);
  expect(ran.code).toBe(code);
});
