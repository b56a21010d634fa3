import { returnPath } from './return-path';

test.each([
  ['/datasets/3?status=completed#top', '/datasets/3?status=completed#top'],
  ['/datasets/3/label?image=5&task=detection', '/datasets/3/label?image=5&task=detection'],
  ['/데이터', '/%EB%8D%B0%EC%9D%B4%ED%84%B0'],
])('%s is kept', (next, expected) => {
  expect(returnPath(next)).toBe(expected);
});

test.each([
  undefined,
  null,
  '',
  'datasets',
  'https://evil.example',
  '//evil.example',
  '/\\evil.example',
  '/\t/evil.example',
  '/%2e%2e//evil.example/..//x',
  '/.//evil.example',
  'javascript:alert(1)',
  '/login?next=/login',
  '/api/v1/auth/logout',
  ['/a', '/b'],
  `/${'a'.repeat(3_000)}`,
])('%j goes home', (next) => {
  expect(returnPath(next)).toBe('/datasets');
});
