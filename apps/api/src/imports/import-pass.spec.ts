import { importChoices } from '@labelyard/contract';
import { FORMATS } from '@labelyard/formats';
import { ImageFinder } from './image-finder.js';
import { ImportPass, type PassOutcome } from './import-pass.js';
import type { ImportSource } from './import-source.js';
import { IssueList } from './issue-list.js';

/** Looks at the files of a YOLO dataset, as a check does. */
async function looked(paths: readonly string[], files: Record<string, string>): Promise<PassOutcome> {
  const finder = new ImageFinder();
  paths.forEach((path, n) => finder.add({ id: n + 1, path, width: 100, height: 80 }));
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
    format: 'yolo',
    reason: '',
    read: FORMATS.yolo.read,
    choices: importChoices.parse({}),
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

test('that splits of the files are not kept is said once', async () => {
  const { issues } = await looked(['a.jpg', 'b.jpg', 'c.jpg'], {
    'data.yaml': 'names: [car]',
    'labels/train/a.txt': LABEL,
    'labels/train/b.txt': LABEL,
    'labels/test/c.txt': LABEL,
  });
  expect(issues.map(({ code, severity }) => [code, severity])).toEqual([['split_not_kept', 'warning']]);
  expect(issues[0]?.message).toContain('(2 in train, 1 in test)');
});

test('files without splits say nothing of them; a name that its folder tells apart is not doubtful', async () => {
  const plain = await looked(['a.jpg'], { 'data.yaml': 'names: [car]', 'labels/a.txt': LABEL });
  expect(plain.issues).toEqual([]);
  const { issues, report } = await looked(['train/a.jpg', 'val/a.jpg'], {
    'data.yaml': 'names: [car]',
    'labels/train/a.txt': LABEL,
    'labels/val/a.txt': LABEL,
  });
  expect(issues.map(({ code }) => code)).toEqual(['split_not_kept']);
  expect(report.images.labeled).toBe(2);
});
