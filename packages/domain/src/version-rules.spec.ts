import { checkVersion, type VersionCounts } from './version-rules.js';

const READY: VersionCounts = {
  images: 10,
  drafts: 0,
  confirmed: 0,
  verified: 20,
  rejected: 0,
  unfinished_images: 0,
  under_way: false,
  changes_since: null,
};
const shares = { train: 80, val: 20, test: 0 };
const codes = (counts: Partial<VersionCounts>, include_drafts = false, given = shares) =>
  checkVersion({ ...READY, ...counts }, { include_drafts, shares: given }).map(
    ({ severity, code, count }) => `${severity} ${code} ${count}`,
  );

test('a dataset that is done and reviewed has nothing against it', () => {
  expect(codes({})).toEqual([]);
});

test.each<[string, Partial<VersionCounts>, boolean, string[]]>([
  ['nothing at all', { images: 0, verified: 0 }, false, ['error nothing_to_publish 0']],
  ['drafts only', { verified: 0, drafts: 4 }, false, ['error nothing_to_publish 10', 'warning drafts_left_out 4']],
  ['drafts that are wanted', { verified: 0, drafts: 4 }, true, ['warning not_reviewed 4']],
  ['rejected drafts', { drafts: 4, rejected: 2 }, true, ['error rejected_included 2', 'warning not_reviewed 4']],
  [
    'rejected ones left out',
    { drafts: 4, rejected: 2 },
    false,
    ['warning drafts_left_out 4', 'warning rejected_left_out 2'],
  ],
  ['one being made', { under_way: true }, false, ['error under_way 1']],
  ['the same again', { changes_since: 0 }, false, ['warning nothing_changed 1']],
  ['open images', { unfinished_images: 3 }, false, ['warning images_unfinished 3']],
])('%s', (_, counts, include_drafts, expected) => {
  expect(codes(counts, include_drafts)).toEqual(expected);
});

test('shares that give nothing to anybody', () => {
  expect(codes({}, false, { train: 0, val: 0, test: 0 })).toEqual(['error bad_shares 1']);
});
