import type { ImportedClass } from './import-codec.js';
import { importRun } from './import-desk.js';

async function soundOf(given: Omit<ImportedClass, 'kind' | 'task_type'>) {
  const run = importRun('test', {}, async function* () {
    yield { kind: 'class', task_type: 'keypoint', ...given };
  });
  let found: unknown;
  for await (const record of run.records) found = record;
  const issues = run.report().issues.map(({ code, message }) => [code, message]);
  return { found: found as ImportedClass, issues };
}

test('keypoints whose names cannot be stored are called otherwise, and it is said', async () => {
  const { found, issues } = await soundOf({ name: 'person', keypoints: ['eye', '', 'eye', 'a\0', '\ud800'] });
  expect(found.keypoints).toEqual(['eye', '2', 'eye (2)', 'a', '\ufffd']);
  expect(issues).toEqual([['bad_value', expect.stringContaining('"person"')]]);
});

test('bones that join no two keypoints are left out, and it is said', async () => {
  const skeleton = [[0, 1], [1, 1], [0, 99], [-1, 0], [0, 0.5]] as const; // prettier-ignore
  const { found, issues } = await soundOf({ name: 'person', keypoints: ['a', 'b'], skeleton });
  expect(found.skeleton).toEqual([[0, 1]]);
  expect(issues).toEqual([['bad_value', expect.stringContaining('Bones of the class "person"')]]);
});

test('a sound class is left as it is, also when its names are decomposed', async () => {
  const { found, issues } = await soundOf({ name: 'a', keypoints: ['코'.normalize('NFD'), 'b'], skeleton: [[0, 1]] });
  expect(found.skeleton).toEqual([[0, 1]]);
  expect(issues).toEqual([]);
});
