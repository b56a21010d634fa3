import { codeInDigest, errorDigest } from './error-digest';

test('a code survives the way to the browser', () => {
  expect(codeInDigest(errorDigest('database_unavailable'))).toBe('database_unavailable');
  expect(codeInDigest(errorDigest('unreachable'))).toBe('unreachable');
});

test.each([undefined, '', '2338182', 'NEXT_REDIRECT;replace;/login', 'labelyard:', 'labelyard:something_new'])(
  '%s holds none',
  (digest) => expect(codeInDigest(digest)).toBeUndefined(),
);
