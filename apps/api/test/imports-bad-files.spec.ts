import { randomUUID } from 'node:crypto';
import { createTestApp, type TestApp } from './app.factory.js';
import { cocoOf, ImportHands } from './import-desk.js';
import { jpeg } from './picture-factory.js';
import { zipOf } from './zip-factory.js';

let api: TestApp;
let hands: ImportHands;
beforeAll(async () => {
  api = await createTestApp();
});
afterAll(() => api.close());
beforeEach(async () => {
  hands = new ImportHands(api, await api.newDataset({ name: randomUUID() }));
  await hands.withImages(['a.jpg', 100, 80]);
});

const GOOD = cocoOf({ 'a.jpg': [100, 80] }, [['a.jpg', 'car', 1, 2, 30, 40]]);
const coco = (values: object) => JSON.stringify({ ...(JSON.parse(GOOD) as object), ...values });
const ROW = { id: 1, image_id: 1, category_id: 1, bbox: [1, 1, 5, 5], area: 25, iscrowd: 0 };

function rubbishDirectory(): Buffer {
  const bytes = zipOf([{ path: 'a.json', bytes: GOOD }]);
  bytes.fill(7, bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2])), bytes.length - 22);
  return bytes;
}

test.each([
  ['cut short', zipOf([{ path: 'a.json', bytes: GOOD }]).subarray(0, 120), 'truncated'],
  ['without a directory', Buffer.from('PK\u0003\u0004 and nothing else'), 'truncated'],
  ['empty', zipOf([]), 'missing_file'],
  ['with a directory of rubbish', rubbishDirectory(), 'bad_archive'],
])('a zip archive %s is refused in words', async (_name, bytes, code) => {
  const job = await hands.apply(await hands.upload([{ path: 'labels.zip', bytes }]));
  expect({ status: job.status, code: job.error?.code }).toEqual({ status: 'failed', code });
  expect(job.error?.message).toMatch(/archive/u);
});

test.each([
  ['something else', 'notes.txt', 'just some notes', 'wrong_format'],
  ['another kind of archive', 'labels.tar.gz', '\u001f\u008b', 'wrong_format'],
])('%s is refused in words', async (_name, path, bytes, code) => {
  const job = await hands.check(await hands.upload([{ path, bytes }]));
  expect({ status: job.status, code: job.error?.code }).toEqual({ status: 'failed', code });
});

test('entries that cannot be trusted are left out and named; the others are read', async () => {
  const bomb = Buffer.alloc(80 * 1024 * 1024);
  const upload = await hands.zip([
    { path: 'good/instances.json', bytes: GOOD },
    { path: '../escape.json', bytes: GOOD },
    { path: '/etc/passwd.json', bytes: GOOD },
    { path: 'C:\\windows\\x.json', bytes: GOOD },
    { path: 'link.json', bytes: '/etc/passwd', mode: 0o120777 },
    { path: 'bomb.json', bytes: bomb },
    { path: 'good/instances.json', bytes: '{}' },
  ]);
  const job = await hands.check(upload);
  expect((await hands.issues(job.id)).map(({ code, file }) => `${code} ${file}`).sort()).toEqual([
    'duplicate_file good/instances.json',
    'too_large bomb.json',
    'unsafe_path ../escape.json',
    'unsafe_path /etc/passwd.json',
    'unsafe_path C:/windows/x.json',
    'unsafe_path link.json',
  ]);
  expect(job.report).toMatchObject({ files: 1, annotations: 1 });
});

test.each([
  ['a wrong checksum', { crc: 12345 }],
  ['more bytes than promised', { size: 10 }],
])('an entry with %s is named as damaged', async (_name, lie) => {
  const upload = await hands.zip([{ path: 'a.json', bytes: GOOD, ...lie }]);
  const job = await hands.apply(upload, { format: 'coco' });
  expect((await hands.issues(job.id)).map(({ code, file }) => [code, file])).toContainEqual(['bad_archive', 'a.json']);
  expect(job).toMatchObject({ status: 'failed', error: { code: 'bad_archive' }, result: null });
  expect(await hands.annotations()).toEqual([]);
});

test('an archive whose entries share their bytes is a bomb', async () => {
  const bytes = zipOf([
    { path: 'a.json', bytes: GOOD },
    { path: 'b.json', bytes: GOOD },
  ]);
  // The second entry of the directory points to the first file.
  const second = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2]));
  bytes.writeUInt32LE(0, second + 42);
  const job = await hands.check(await hands.upload([{ path: 'labels.zip', bytes }]));
  expect(job.error).toMatchObject({ code: 'bad_archive', message: expect.stringContaining('zip bomb') as string });
});

test('pictures that lie about what they are do not become images', async () => {
  const upload = await hands.zip([
    { path: 'instances.json', bytes: cocoOf({ 'n.jpg': [9, 9] }, [['n.jpg', 'car', 1, 1, 2, 2]]) },
    { path: 'n.jpg', bytes: (await jpeg(100, 80)).subarray(0, 300) },
    { path: 'script.png', bytes: '<svg onload="alert(1)"/>' },
  ]);
  const job = await hands.apply(upload);
  expect(job).toMatchObject({ status: 'completed', result: { annotations: 0, images: 0 } });
  expect((await hands.issues(job.id)).map(({ code, file }) => `${code} ${file}`).sort()).toEqual([
    'bad_picture n.jpg',
    'bad_picture script.png',
    'image_missing instances.json',
    'left_out instances.json',
  ]);
});

test.each([
  ['ids as text', coco({ annotations: [{ ...ROW, id: '1', image_id: 1 }], images: [{ id: '1', file_name: 'a.jpg', width: 100, height: 80 }] }), ['bad_id', 'unknown_image']], // prettier-ignore
  ['a negative size', coco({ annotations: [{ ...ROW, bbox: [1, 1, -5, 5] }] }), ['degenerate']],
  ['sizes of the image below zero', coco({ images: [{ id: 1, file_name: 'a.jpg', width: -1, height: 80 }] }), ['bad_size']], // prettier-ignore
  ['an unknown class', coco({ annotations: [{ ...ROW, category_id: 99 }] }), ['unknown_class']],
  ['a missing image', coco({ images: [{ id: 1, file_name: 'gone.jpg', width: 10, height: 10 }] }), ['image_missing', 'left_out']], // prettier-ignore
  ['an image outside the dataset', coco({ images: [{ id: 1, file_name: '../../etc/passwd', width: 10, height: 10 }] }), ['left_out', 'unsafe_path']], // prettier-ignore
  ['values of the wrong type', coco({ annotations: ['x', 7, null, { ...ROW, bbox: 'wide' }] }), ['not_an_object']],
  ['two images of one id', coco({ images: [{ id: 1, file_name: 'a.jpg', width: 100, height: 80 }, { id: 1, file_name: 'b.jpg', width: 1, height: 1 }] }), ['duplicate_id']], // prettier-ignore
  ['text that ends in the middle', GOOD.slice(0, -20), ['truncated']],
  ['zero characters', coco({ annotations: [{ ...ROW, attributes: { 'a\0b': '\0\ud800' } }] }), []],
  ['letters that are no UTF-8', Buffer.concat([Buffer.from('{"images":[{"id":1,"file_name":"\xff'), Buffer.from([0xff, 0xfe]), Buffer.from('"}],"annotations":[]}')]), ['bad_json']], // prettier-ignore
])('%s in COCO: named, never a crash, nothing half-imported', async (_name, bytes, codes) => {
  const checked = await hands.check(await hands.upload([{ path: 'instances.json', bytes }]), { format: 'coco' });
  await hands.start(checked.id);
  const job = await hands.settled(checked);
  const found = new Set((await hands.issues(job.id)).map(({ code }) => code));
  expect({ status: job.status, error: job.error, missing: codes.filter((code) => !found.has(code)) }).toEqual({
    status: 'completed',
    error: null,
    missing: [],
  });
  expect(job.result?.annotations).toBe((await hands.annotations()).length);
});

const VOC = (inside: string) =>
  `<annotation><filename>a.jpg</filename><size><width>100</width><height>80</height><depth>3</depth></size>${inside}</annotation>`;

test.each([
  ['a billion laughs', `<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>${VOC('&b;')}`, 'bad_xml'], // prettier-ignore
  ['tags that do not close', VOC('<object><name>car</object>'), 'bad_xml'],
  ['corners that are words', VOC('<object><name>car</name><bndbox><xmin>one</xmin><ymin>1</ymin><xmax>9</xmax><ymax>9</ymax></bndbox></object>'), 'bad_geometry'], // prettier-ignore
])('%s in Pascal VOC: named, nothing half-imported', async (_name, bytes, code) => {
  const checked = await hands.check(await hands.upload([{ path: 'a.xml', bytes }]), { format: 'voc' });
  await hands.start(checked.id);
  const job = await hands.settled(checked);
  const codes = (await hands.issues(job.id)).map((issue) => issue.code);
  expect({ status: job.status, named: codes.includes(code) ? code : codes }).toEqual({ status: 'completed', named: code }); // prettier-ignore
  expect(await hands.annotations()).toEqual([]);
});

test('every row broken: the first are listed, all are counted', async () => {
  const annotations = Array.from({ length: 1_500 }, (_, n) => ({ ...ROW, id: n + 1, bbox: [1, 1, 0, 0] }));
  const job = await hands.check(await hands.upload([{ path: 'a.json', bytes: coco({ annotations }) }]));
  expect(job.report?.issue_counts).toEqual([{ severity: 'error', code: 'degenerate', count: 1_500 }]);
  const first = await api.as(api.owner).get(`/api/v1/imports/${job.id}/issues?limit=500`);
  const second = await api
    .as(api.owner)
    .get(`/api/v1/imports/${job.id}/issues`)
    .query({ limit: 500, cursor: first.body.next_cursor as string });
  expect([first.body.items.length, second.body.items.length, second.body.next_cursor]).toEqual([500, 500, null]);
});
