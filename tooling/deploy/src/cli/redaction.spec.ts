import { createRedactor, fingerprint } from './redaction.js';

test('passwords in URLs are hidden without being named, also unescaped ones', () => {
  const { clean } = createRedactor();
  expect(clean('at postgres://me:pw@db/x, https://a:b%40c@s3')).toBe(
    'at postgres://me:[secret]@db/x, https://a:[secret]@s3',
  );
  expect(clean('postgres://me:p@ss@db/x')).toBe('postgres://me:[secret]@db/x');
  expect(clean('set it to postgres://user:password@host/x')).toBe('set it to postgres://user:password@host/x');
  expect(clean('https://db.example:5432/x me@db')).toBe('https://db.example:5432/x me@db');
});

test('the password of a hidden URL is hidden wherever it stands alone', () => {
  const { hide, clean } = createRedactor();
  hide('postgres://me:s%C3%BCper%2Fsecret@db/x');
  expect(clean('süper/secret, s%C3%BCper%2Fsecret')).toBe('[secret], [secret]');
});

test('a secret that begins another one leaves nothing of it', () => {
  const { hide, clean } = createRedactor();
  hide('secret-one');
  hide('secret-one-and-more');
  expect(clean('secret-one-and-more secret-one')).toBe('[secret] [secret]');
});

test('short values are left: they would be found everywhere', () => {
  const { hide, clean } = createRedactor();
  hide('true');
  expect(clean('it is true')).toBe('it is true');
});

test('a fingerprint tells two secrets apart and holds neither', () => {
  expect(fingerprint('secret-one')).toMatch(/^sha256:[\da-f]{8} \(10 characters\)$/u);
  expect(fingerprint('secret-one')).not.toBe(fingerprint('secret-two'));
});
