import { importChoices, type ImportSplits } from '@labelyard/contract';
import type { Split } from '@labelyard/domain';
import { FORMATS } from '@labelyard/formats';
import { ImageFinder } from './image-finder.js';
import { ImportPass, type PassOutcome } from './import-pass.js';
import type { ImportSource } from './import-source.js';
import { IssueList } from './issue-list.js';

/** Looks at the files of a YOLO dataset, as a check does. */
async function looked(
  images: readonly (string | readonly [path: string, split: Split])[],
  files: Record<string, string>,
  splits: ImportSplits = 'fill',
  choices: object = {},
): Promise<PassOutcome> {
  const finder = new ImageFinder();
  images.forEach((image, n) => {
    const [path, split = null] = typeof image === 'string' ? [image] : image;
    finder.add({ id: n + 1, path, split, width: 100, height: 80 });
  });
  const source = {
    files: Object.entries(files).map(([path, text]) => ({
      path,
      async *chunks() {
        yield Buffer.from(text);
      },
    })),
    bytes: 0,
  } as unknown as ImportSource;
  const pass = new ImportPass(source, finder, new IssueList(), {
    recognition: { format: 'yolo', reason: '', recognised_by: { by: 'choice' } },
    read: FORMATS.yolo.read,
    choices: importChoices.parse({ splits, ...choices }),
    task_types: ['detection'],
    classes: [],
    newClassId: null,
    pictures: [],
    step: async () => undefined,
  });
  for await (const _ of pass.rows()) continue;
  if (!pass.outcome) throw new Error('It was not read to its end');
  return pass.outcome;
}

const LABEL = '0 0.5 0.5 0.1 0.1\n';

test.each([
  ['fill', [[3, 'test']], 'another split than the files say, and stay there: 1'],
  [
    'replace',
    [
      [2, 'train'],
      [3, 'test'],
    ],
    null,
  ],
  ['ignore', [], '(2 in train, 1 in test), which were not asked for'],
] as const)('splits of the files (%s), and what is not followed, said once', async (rule, chosen, remark) => {
  const images = [['a.jpg', 'train'], ['b.jpg', 'val'], 'c.jpg'] as const;
  const { issues, splits, report } = await looked(
    images,
    {
      'data.yaml': 'names: [car]',
      'labels/train/a.txt': LABEL,
      'labels/train/b.txt': LABEL,
      'labels/test/c.txt': LABEL,
    },
    rule,
  );
  expect(splits).toEqual(new Map(chosen));
  expect(report.images.by_split).toEqual({ train: 2, test: 1 });
  expect(issues.map(({ code, severity, message }) => [code, severity, message])).toEqual(
    remark ? [['split_not_kept', 'warning', expect.stringContaining(remark)]] : [],
  );
});

test('files without splits say nothing of them; a name that its folder tells apart is not doubtful', async () => {
  const plain = await looked(['a.jpg'], { 'data.yaml': 'names: [car]', 'labels/a.txt': LABEL });
  expect(plain.issues).toEqual([]);
  const { issues, report, splits } = await looked(['train/a.jpg', 'val/a.jpg'], {
    'data.yaml': 'names: [car]',
    'labels/train/a.txt': LABEL,
    'labels/val/a.txt': LABEL,
  });
  expect(issues).toEqual([]);
  expect([...splits]).toEqual([
    [1, 'train'],
    [2, 'val'],
  ]);
  expect(report.images.labeled).toBe(2);
});

test('classes without annotations are made too, in the order of the files; or only told of', async () => {
  const files = { 'data.yaml': 'names: [car, bus, cat]', 'labels/a.txt': '2 0.5 0.5 0.1 0.1\n' };
  const { report, new_classes } = await looked(['a.jpg'], files);
  expect(report.classes.map(({ name, annotations }) => [name, annotations])).toEqual([
    ['cat', 1],
    ['car', 0],
    ['bus', 0],
  ]);
  expect(new_classes.map(({ name, task_type }) => [name, task_type])).toEqual([
    ['car', 'detection'],
    ['bus', 'detection'],
    ['cat', 'detection'],
  ]);
  const only = await looked(['a.jpg'], files, 'fill', { unlabeled_classes: false });
  expect(only.report.classes).toHaveLength(3);
  expect(only.new_classes.map(({ name }) => name)).toEqual(['cat']);
  const skipped = await looked(['a.jpg'], files, 'fill', {
    classes: [{ task_type: 'detection', name: 'bus', to: { skip: true } }],
  });
  expect(skipped.new_classes.map(({ name }) => name)).toEqual(['car', 'cat']);
});
