import { didYouMean } from './did-you-mean.js';

const KNOWN = ['LABELER_DB_URL', 'USER_DB_URL', 'JWT_SECRET', 'PORT'];

test.each([
  ['LABELLER_DB_URL', 'LABELER_DB_URL'],
  ['USER_DB_ULR', 'USER_DB_URL'],
  ['jwt_secret', 'JWT_SECRET'],
  ['PROT', 'PORT'],
])('%s is meant to be %s', (given, meant) => expect(didYouMean(given, KNOWN)).toBe(` Did you mean "${meant}"?`));

test.each(['PATH', 'HOME', 'TERM', ''])('%j is something of its own', (given) => {
  expect(didYouMean(given, ['JWT_SECRET', 'LABELER_DB_URL'])).toBe('');
});
