import { diskSigningKey, signDiskUrl, verifyDiskUrl, type DiskUrlMethod, type DiskUrlParameters } from './urls.js';

const key_a = diskSigningKey('secret a, which has more than 32 characters');
const now = Date.UTC(2026, 10, 22);
const expires = now / 1000 + 60;

function signed(
  method: DiskUrlMethod,
  parameters: Partial<DiskUrlParameters> = {},
  key = '1/images/a b é.jpg',
): string {
  return signDiskUrl(
    key_a,
    { public_url: 'https://x.example/base/', bucket: 'datasets', key, method },
    { expires, ...parameters },
  );
}
const verify = (url: string, method = 'GET', content_type?: string, at = now) =>
  verifyDiskUrl(key_a, { method, url, content_type, now: at });

test('a URL for GET is for GET and HEAD', () => {
  const url = signed('GET', { download_name: 'ü.jpg', content_type: 'image/jpeg' });
  expect(url).toMatch(
    /^https:\/\/x\.example\/base\/api\/v1\/storage\/datasets\/1\/images\/a%20b%20%C3%A9\.jpg\?content_type=image%2Fjpeg&download_name=%C3%BC\.jpg&expires=\d+&signature=[\w-]{43}$/,
  );
  for (const method of ['GET', 'HEAD']) {
    expect(verify(url, method)).toEqual({
      ok: true,
      method: 'GET',
      bucket: 'datasets',
      key: '1/images/a b é.jpg',
      parameters: { content_type: 'image/jpeg', download_name: 'ü.jpg', expires },
    });
  }
  // What a server behind a proxy sees.
  expect(verify(url.replace('https://x.example/base', '')).ok).toBe(true);
  for (const method of ['PUT', 'POST', 'DELETE', 'get', '']) expect(verify(url, method).ok).toBe(false);
});

test('a URL for PUT is for PUT with its content type', () => {
  const url = signed('PUT', { content_type: 'image/jpeg' });
  expect(verify(url, 'PUT', 'image/jpeg').ok).toBe(true);
  expect(verify(url, 'PUT', ' image/jpeg ').ok).toBe(true);
  for (const type of ['image/png', 'image/jpeg; charset=x', 'IMAGE/JPEG', '', undefined]) {
    expect(verify(url, 'PUT', type)).toEqual({ ok: false, reason: 'wrong_content_type' });
  }
  expect(verify(url, 'GET')).toEqual({ ok: false, reason: 'bad_signature' });
  expect(verify(signed('PUT', { part_number: 3, upload_id: 'u' }), 'PUT', 'whatever/type')).toMatchObject({
    ok: true,
    parameters: { part_number: 3, upload_id: 'u' },
  });
});

test('it ends to the second', () => {
  const url = signed('GET');
  expect(verify(url, 'GET', undefined, expires * 1000 - 1).ok).toBe(true);
  expect(verify(url, 'GET', undefined, expires * 1000)).toEqual({ ok: false, reason: 'expired' });
});

test('any change breaks it', () => {
  const url = signed('PUT', { part_number: 1, size: 7, upload_id: 'abc' });
  const changes: [string, string][] = [
    ['/datasets/', '/annotations/'],
    ['a%20b', 'a%20c'],
    ['part_number=1', 'part_number=2'],
    ['&part_number=1', ''],
    ['upload_id=abc', 'upload_id=abd'],
    ['size=7', 'size=8'],
    ['&size=7', ''],
    [`expires=${expires}`, `expires=${expires + 1}`],
    [`expires=${expires}`, `expires=${expires}&content_type=text%2Fhtml`],
    [`expires=${expires}`, `expires=${expires}&download_name=x`],
    ['signature=', 'signature=A'],
    ['signature=', 'signature=&x='],
    ['signature=', 'x='],
  ];
  for (const [from, to] of changes) {
    expect(url).toContain(from);
    expect(verify(url.replace(from, to), 'PUT')).toEqual({ ok: false, reason: 'bad_signature' });
  }
  expect(
    verifyDiskUrl(diskSigningKey('secret b, which has more than 32 characters'), { method: 'PUT', url, now }),
  ).toEqual({
    ok: false,
    reason: 'bad_signature',
  });
});

test.each([
  '',
  '/',
  '/api/v1/storage/',
  '/api/v1/storage/datasets',
  '/api/v1/storage/datasets/?expires=1&signature=x',
  '/api/v1/storage//key?expires=1&signature=x',
  '/api/v1/storage/datasets/%zz?expires=1&signature=x',
  '/api/v1/storage/datasets/%ff?expires=1&signature=x',
  '/api/v1/storage/datasets/a%00?expires=1&signature=x',
  '/api/v1/storage/datasets/..%2f..%2fetc?expires=1&signature=x',
  '/api/v1/storage/datasets/a/../b?expires=1&signature=x',
  '/api/v1/storage/datasets/a?signature=x',
  '/api/v1/storage/datasets/a?expires=soon&signature=x',
  '/api/v1/storage/datasets/a?expires=1e400&signature=x',
  '?/api/v1/storage/datasets/a',
])('%j is malformed', (url) => {
  expect(verify(url)).toEqual({ ok: false, reason: 'malformed' });
});
