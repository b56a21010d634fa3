import { mergedLifecycle, normalisedLifecycle, wantedLifecycle } from './lifecycle.js';
import { normalisedCors, wantedCors } from './cors.js';

test('CORS is one rule for exactly the origins, in the shape R2 takes', () => {
  expect(wantedCors(['https://a.example'])).toEqual([
    {
      AllowedOrigins: ['https://a.example'],
      AllowedMethods: ['GET', 'HEAD', 'PUT'],
      AllowedHeaders: ['content-type', 'content-md5', 'x-amz-meta-*'],
      ExposeHeaders: ['ETag'],
      MaxAgeSeconds: 3600,
    },
  ]);
  expect(() => wantedCors(['https://a.example/'])).toThrow('is no origin');
  expect(() => wantedCors([])).toThrow('CORS_ORIGINS is empty');
});

test('rules that mean the same are the same', () => {
  const [rule] = wantedCors(['https://a.example', 'https://b.example']);
  const other = {
    ...rule,
    AllowedOrigins: ['https://b.example', 'https://a.example'],
    ExposeHeaders: ['etag'],
    ID: 'x',
  };
  expect(normalisedCors([{ ...other, AllowedMethods: ['PUT', 'GET', 'HEAD'] }])).toBe(normalisedCors([rule!]));
  expect(normalisedCors([{ ...other, AllowedMethods: ['GET'] }])).not.toBe(normalisedCors([rule!]));
});

test('lifecycle rules of others stay', () => {
  const theirs = { ID: 'theirs', Status: 'Enabled', Filter: { Prefix: 'x/' }, Expiration: { Days: 1 } } as const;
  const merged = mergedLifecycle([theirs, { ID: 'labelyard-old', Status: 'Enabled' }]);
  expect(merged).toEqual([theirs, ...wantedLifecycle()]);
  expect(normalisedLifecycle(merged)).toBe(normalisedLifecycle(wantedLifecycle()));
});
