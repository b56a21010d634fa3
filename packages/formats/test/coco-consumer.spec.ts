import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeCoco } from '../src/coco/write-coco.js';
import { GOLDEN } from './golden-project.js';
import { readFiles, sourceOf } from './project-source.js';

const consumers = join(import.meta.dirname, '../consumers');

/** The virtual environment of README.md, or whatever Python is on the path, when it has pycocotools. */
const python = [join(import.meta.dirname, '../.cache/pycocotools/bin/python'), 'python3'].find((candidate) => {
  try {
    execFileSync(candidate, ['-c', 'import pycocotools.mask'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});

const withPycocotools = python ? test : test.skip;
const reason = python ? '' : ' (skipped: no Python with pycocotools; packages/formats/README.md says how to get it)';

withPycocotools(`pycocotools scores our file against itself with AP 1.000${reason}`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'coco-'));
  try {
    const path = join(folder, 'instances.json');
    writeFileSync(path, (await readFiles(writeCoco(sourceOf(GOLDEN)))).get('instances.json') as string);
    const answer = execFileSync(python as string, [join(consumers, 'coco_self_score.py'), path], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    expect(JSON.parse(answer)).toEqual({
      annotations: 14,
      images: 5,
      categories: 5,
      empty_masks: 0,
      pixel_error: 0,
      bbox: 1,
      segm: 1,
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
