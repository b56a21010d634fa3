import { storedBox, TestEditor } from './testing/index.js';

const bbox = (x: number, y: number, w: number, h: number) => ({ type: 'bbox', bbox: [x, y, w, h] }) as const;
const verified = storedBox(1, [100, 100, 100, 100], { state: 'verified' });
const open = storedBox(2, [400, 100, 100, 100]);

function annotator() {
  const t = new TestEditor([verified, open]);
  t.editor.setMayEditVerified(false);
  return t;
}

test.each([
  ['dragged', (t: TestEditor) => t.drag([150, 150], [200, 150])],
  ['resized', (t: TestEditor) => t.click(150, 150).drag([200, 200], [250, 250])],
  ['nudged', (t: TestEditor) => t.click(150, 150).key('ArrowRight')],
  ['deleted', (t: TestEditor) => t.click(150, 150).key('Delete')],
  ['moved along with another', (t: TestEditor) => t.key('Mod+a').drag([450, 150], [460, 150])],
])('what is verified is not %s by an annotator', (_name, act) => {
  const t = annotator();
  act(t);
  t.expectGeometries(bbox(100, 100, 100, 100), bbox(400, 100, 100, 100)).expectState('select.idle');
  expect(t.diffs).toEqual([]);
});

test('they are told why, and everything else can be changed', () => {
  const t = annotator().click(150, 150).key('ArrowRight').expectNotice('verified');
  t.click(450, 150)
    .key('ArrowRight')
    .expectGeometries(bbox(100, 100, 100, 100), bbox(401, 100, 100, 100));
});

test('an edit made before the verdict is not undone after it', () => {
  const t = annotator().click(450, 150).key('ArrowRight');
  const { annotation_id: _, ...fields } = t.editor.shape('a2') ?? open;
  t.editor.markSaved(1, [
    { sent: { ...fields, annotation_id: 2 }, saved: { ...fields, annotation_id: 2, version: 3, state: 'verified' } },
  ]);
  t.undo();
  expect(t.editor.shape('a2')?.geometry).toEqual(bbox(401, 100, 100, 100));
});

test('a reviewer may', () => {
  const t = new TestEditor([verified, open]).click(150, 150).key('ArrowRight');
  t.expectGeometries(bbox(101, 100, 100, 100), bbox(400, 100, 100, 100));
});
