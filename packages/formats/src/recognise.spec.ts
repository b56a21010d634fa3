import { filesOf as files } from '../test/import-files.js';
import { recogniseImport } from './recognise.js';

test.each([
  ['coco', 'anything.json', '{"info":{},"images":[],"annotations":[]}'],
  ['labelme', 'a.json', '{"version":"5.0","shapes":[],"imagePath":"a.jpg"}'],
  ['voc', 'Annotations/a.xml', '<annotation><filename>a.jpg</filename></annotation>'],
  ['yolo', 'labels/train/a.txt', '0 0.5 0.5 0.1 0.1\n'],
  ['csv', 'labels.csv', 'image,class\n'],
])('%s is recognised by %s, and the reason names the file', async (format, path, text) => {
  const found = await recogniseImport(files({ 'notes/readme.md': '# hello', [path]: text }));
  expect(found?.format).toBe(format);
  expect(found?.reason).toContain(`"${path}"`);
  expect(found?.recognised_by).toEqual({ by: 'file', file: path });
});

test('label files of images without objects, and other texts, do not hide the others', async () => {
  const found = await recogniseImport(files({ 'LICENSE.txt': 'MIT', 'x/a.txt': '', 'x/b.txt': '0 0.5 0.5 0.1 0.1\n' }));
  expect(found).toEqual({
    format: 'yolo',
    reason: '"x/b.txt" looks like YOLO (Ultralytics)',
    recognised_by: { by: 'file', file: 'x/b.txt' },
  });
});

test.each([
  ['labelme', `{"version":"5.0","imageData":"${'/9j/4AAQ'.repeat(10_000)}","imagePath":"a.jpg","shapes":[]}`],
  ['coco', `{"info":{"description":"${'all \\"cats\\" '.repeat(5_000)}"},"images":[],"annotations":[]}`],
  ['dice', `{"note":"\\\\","about":"${'x'.repeat(40_000)}","format_version":"1.0","classes":[]}`],
])('%s is recognised behind a long text', async (format, text) => {
  JSON.parse(text);
  expect((await recogniseImport(files({ 'a.json': text })))?.format).toBe(format);
});

test('what looks like nothing we know is not guessed', async () => {
  expect(await recogniseImport(files({ 'a.json': '{"hello":"world"}', 'b.txt': 'some notes' }))).toBeNull();
  expect(await recogniseImport([])).toBeNull();
});
