import { looksLikeEmail } from './email-text';

test.each(['kim@example.org', 'k.i+m@sub.example.co.kr', '지우@예시.한국'])('%s can be invited', (text) => {
  expect(looksLikeEmail(text)).toBe(true);
});

test.each(['', 'kim', 'kim@', '@example.org', 'kim@example', 'kim@example.', 'a b@example.org', 'a@b@c.org'])(
  '"%s" cannot',
  (text) => {
    expect(looksLikeEmail(text)).toBe(false);
  },
);
