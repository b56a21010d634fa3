import fc from 'fast-check';
import { contentDisposition, dispositionName } from './download-name.js';

test.each([
  ['coco_20261122.json', `attachment; filename="coco_20261122.json"; filename*=UTF-8''coco_20261122.json`],
  ['größe.png', `attachment; filename="gro_e.png"; filename*=UTF-8''gr%C3%B6%C3%9Fe.png`],
  ['a "b"\r\nX: y.zip', `attachment; filename="a _b___X_ y.zip"; filename*=UTF-8''a%20%22b%22%0D%0AX%3A%20y.zip`],
  [`it's (1)*.zip`, `attachment; filename="it_s (1)_.zip"; filename*=UTF-8''it%27s%20%281%29%2A.zip`],
  ['../../etc/passwd', `attachment; filename="passwd"; filename*=UTF-8''passwd`],
  ['C:\\x\\y.zip', `attachment; filename="y.zip"; filename*=UTF-8''y.zip`],
  ['\u0301', `attachment; filename="download"; filename*=UTF-8''%CC%81`],
  ['', `attachment; filename="download"; filename*=UTF-8''download`],
])('%j', (name, header) => {
  expect(contentDisposition(name)).toBe(header);
});

test('is one safe header line and gives the name back, whatever the name', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1 }), (name) => {
      const header = contentDisposition(name);
      expect(header).toMatch(/^attachment; filename="[\w.()+ -]+"; filename\*=UTF-8''[\w.~!#$&+^`|%-]+$/);
      const shown = decodeURIComponent(header.split("UTF-8''")[1] ?? '');
      expect([name.toWellFormed().split(/[\\/]/).at(-1), 'download']).toContain(shown);
    }),
  );
});

test('is read back, also as others write it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1 }), (name) => {
      const kept = name.toWellFormed().split(/[\\/]/).at(-1) || 'download';
      expect(dispositionName(contentDisposition(name))).toBe(kept);
    }),
  );
  expect(dispositionName('attachment; filename=plain.zip')).toBe('plain.zip');
  expect(dispositionName(String.raw`attachment; filename="a \"b\".zip"`)).toBe('a "b".zip');
  expect(dispositionName(`attachment; filename*=UTF-8''%zz`)).toBeUndefined();
  expect(dispositionName('inline')).toBeUndefined();
  expect(dispositionName(undefined)).toBeUndefined();
});
