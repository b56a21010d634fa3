import { pickLocale, pickTimeZone } from './locale';

test.each([
  ['ko', 'en-US', 'ko'],
  ['xx', 'ko-KR,ko;q=0.9,en;q=0.8', 'ko'],
  [undefined, 'de,en;q=0.5,ko;q=0.7', 'ko'],
  [undefined, 'ko;q=0,en', 'en'],
  [undefined, 'fr', 'en'],
  [undefined, null, 'en'],
  [undefined, ';;q=x,,', 'en'],
])('cookie %s and header %s give %s', (cookie, header, expected) => {
  expect(pickLocale(cookie, header)).toBe(expected);
});

test.each([
  ['Asia/Seoul', 'Asia/Seoul'],
  ['Mars/Base', 'UTC'],
  ['', 'UTC'],
  [undefined, 'UTC'],
])('time zone %s becomes %s', (value, expected) => {
  expect(pickTimeZone(value)).toBe(expected);
});
