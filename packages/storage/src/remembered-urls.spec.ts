import { rememberUrls } from './remembered-urls.js';
import { REPEAT_WINDOW } from './signing-date.js';

function counting() {
  let signed = 0;
  let now = 0;
  const sign = rememberUrls(
    (key, { expires_in, download_name }) => `${key}?${expires_in}&${download_name ?? ''}&${(signed += 1)}`,
    () => now,
  );
  return { sign, count: () => signed, pass: (seconds: number) => (now += seconds * 1000) };
}

test('a URL is signed once per quarter of an hour', () => {
  const { sign, count, pass } = counting();
  const first = sign('a', { expires_in: 60 });
  pass(REPEAT_WINDOW - 1);
  expect(sign('a', { expires_in: 60 })).toBe(first);
  pass(1);
  expect(sign('a', { expires_in: 60 })).not.toBe(first);
  expect(count()).toBe(2);
});

test('another key or life is another URL', () => {
  const { sign } = counting();
  const urls = [
    sign('a', { expires_in: 60 }),
    sign('b', { expires_in: 60 }),
    sign('a', { expires_in: 61 }),
    // A key that begins like a life is not mistaken for one.
    sign('0 a', { expires_in: 6 }),
  ];
  expect(new Set(urls).size).toBe(4);
});

test('URLs with a name of their own are not kept', () => {
  const { sign, count } = counting();
  sign('a', { expires_in: 60, download_name: 'x' });
  sign('a', { expires_in: 60, download_name: 'x' });
  expect(count()).toBe(2);
});

test('what is kept is bounded: after many others a URL is signed again', () => {
  const { sign, count } = counting();
  sign('a', { expires_in: 60 });
  for (let n = 0; n < 20_000; n += 1) sign(`other ${n}`, { expires_in: 60 });
  sign('a', { expires_in: 60 });
  expect(count()).toBe(20_002);
});
