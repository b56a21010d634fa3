import { isGarbled, koreanName, leadsOut } from './entry-name';

test.each([
  '../a.jpg',
  'x/../../a.jpg',
  '/etc/a.jpg',
  '\\\\host\\a.jpg',
  'C:/a.jpg',
  'c:a.jpg',
  'x\\..\\a.jpg',
  'a\0.jpg',
])('%j leads out', (name) => expect(leadsOut(name)).toBe(true));

test.each(['a.jpg', './a.jpg', 'x/..a/b...jpg', 'x/a: b.jpg', '..jpg'])('%j stays inside', (name) =>
  expect(leadsOut(name)).toBe(false),
);

test('names of Windows in Korea are read', () => {
  // 사진/고양이.jpg
  const bytes = Uint8Array.of(0xbb, 0xe7, 0xc1, 0xf8, 0x2f, 0xb0, 0xed, 0xbe, 0xe7, 0xc0, 0xcc, 0x2e, 0x6a, 0x70, 0x67);
  expect(koreanName(bytes)).toBe('사진/고양이.jpg');
});

test.each([
  ['Müller.jpg in code page 437', [0x4d, 0x81, 0x6c, 0x6c, 0x65, 0x72, 0x2e, 0x6a, 0x70, 0x67]],
  ['año.jpg in code page 437', [0x61, 0xa4, 0x6f, 0x2e, 0x6a, 0x70, 0x67]],
  ['写真.jpg in Shift JIS', [0x8e, 0xca, 0x90, 0x5e, 0x2e, 0x6a, 0x70, 0x67]],
])('%s is not taken for Korean', (_, bytes) => expect(koreanName(Uint8Array.from(bytes))).toBeUndefined());

test('what was read in the wrong alphabet shows', () => {
  expect(isGarbled('Ä╩É^.jpg')).toBe(true);
  expect(isGarbled('caf\ufffd.jpg')).toBe(true);
  expect(isGarbled('Müller – 사진 №1.jpg')).toBe(false);
});
