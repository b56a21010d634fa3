import { ExportNames, fileSafeName } from './export-names.js';

const bytes = (name: string) => Buffer.byteLength(name);

test.each([
  ['a/b:c', 'a_b_c'],
  [' .hidden. ', '_hidden_'],
  ['..', '_'],
  ['', '_'],
  ['con', 'con_'],
  ['AUX.1', 'AUX_.1'],
  ['lpt9', 'lpt9_'],
  ['console', 'console'],
  ['com0', 'com0'],
])('"%s" becomes "%s"', (name, safe) => expect(fileSafeName(name)).toBe(safe));

test('names are cut between characters where file systems take no longer ones', () => {
  expect(fileSafeName('x'.repeat(200))).toBe('x'.repeat(200));
  expect(fileSafeName('가'.repeat(200))).toBe('가'.repeat(66));
  expect(fileSafeName(`x${'😀'.repeat(60)}`)).toBe(`x${'😀'.repeat(49)}`);
  expect(fileSafeName(`${'x'.repeat(199)} y`)).toBe(`${'x'.repeat(199)}_`);
});

test('so are paths, name by name, and stay apart', () => {
  const names = new ExportNames();
  const folder = '거리'.repeat(50);
  const [first, second] = ['1', '2'].map((end) => names.next(`a/${folder}/${'x'.repeat(300)}${end}.jpg`));
  expect(first).toMatchObject({ extension: '.jpg', renamed: true });
  expect(second?.stem).toBe(`${first?.stem}_2`);
  for (const part of (second?.stem ?? '').split('/')) expect(bytes(part)).toBeLessThanOrEqual(202);
  const short = `${'가'.repeat(60)}/${'나'.repeat(60)}`;
  expect(new ExportNames().next(`${short}.png`)).toEqual({ stem: short, extension: '.png', renamed: false });
});
