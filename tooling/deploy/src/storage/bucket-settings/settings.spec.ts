import {
  clearedOtherwise,
  dangerousRules,
  mergedLifecycle,
  normalisedLifecycle,
  wantedLifecycle,
} from './lifecycle.js';
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

test('our rules take away nothing that the databases speak of; those of others that do are named', () => {
  expect(dangerousRules(wantedLifecycle())).toEqual([]);
  const rule = { Status: 'Enabled', Expiration: { Days: 9 } } as const;
  const exports = { ...rule, ID: 'old exports', Filter: { Prefix: '7/exports/' } };
  expect(dangerousRules([exports, { ...rule, Filter: {} }, { ...rule, Filter: { Prefix: 'backups/' } }])).toEqual([
    expect.stringContaining('rule "old exports" deletes what begins with "7/exports/"'),
    expect.stringContaining('deletes everything by its age'),
  ]);
  expect(dangerousRules([{ ...exports, Status: 'Disabled' }])).toEqual([]);
});

test('says what clears exports, and when', () => {
  const lines = (retention_days: number) => clearedOtherwise('annotations', { retention_days }).join('\n');
  expect(lines(30)).toContain('when they are 30 days old (EXPORT_RETENTION_DAYS)');
  expect(lines(0)).toContain('when somebody deletes them');
});
