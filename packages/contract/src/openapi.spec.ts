import { ENDPOINTS, endpointUrl, openApiDocument, type EndpointSpec } from './index.js';

const document = openApiDocument('1.2.3') as {
  paths: Record<string, Record<string, { operationId: string; parameters: { name: string; in: string }[] }>>;
  components: { schemas: Record<string, object> };
};

test('every endpoint is documented once', () => {
  const ids = Object.values(document.paths).flatMap((path) => Object.values(path).map((entry) => entry.operationId));
  expect(ids.sort()).toEqual(
    Object.keys(ENDPOINTS)
      .map((name) => name.replace('.', '_'))
      .sort(),
  );
});

test('every name in a path is a declared parameter and no other is', () => {
  for (const [path, methods] of Object.entries(document.paths)) {
    const named = [...path.matchAll(/\{(\w+)\}/gu)].map((match) => match[1]).sort();
    for (const entry of Object.values(methods)) {
      const declared = entry.parameters
        .filter((parameter) => parameter.in === 'path')
        .map((parameter) => parameter.name);
      expect({ path, declared: declared.sort() }).toEqual({ path, declared: named });
    }
  }
});

test('every reference points at a component', () => {
  const text = JSON.stringify(document);
  const refs = new Set([...text.matchAll(/#\/components\/schemas\/(\w+)/gu)].map((match) => match[1] ?? ''));
  expect(refs.size).toBeGreaterThan(0);
  for (const name of refs) expect(document.components.schemas).toHaveProperty([name]);
  expect(document.components.schemas.Geometry).toHaveProperty('oneOf');
});

test('the subject of an access rule is a field of the request', () => {
  for (const [name, entry] of Object.entries(ENDPOINTS)) {
    const spec: EndpointSpec = entry;
    if (typeof spec.access === 'string' || 'system' in spec.access) continue;
    const [part, field] = spec.access.subject.split('.') as ['params' | 'body' | 'query', string];
    const schema = spec[part] as { shape?: object } | undefined;
    expect({ name, fields: Object.keys(schema?.shape ?? {}) }).toEqual({
      name,
      fields: expect.arrayContaining([field]),
    });
  }
});

test('paths are filled and queries appended', () => {
  expect(endpointUrl('images.list', { project_id: 7 }, { limit: 5, q: 'a b&c', status: undefined })).toBe(
    '/api/v1/projects/7/images?limit=5&q=a+b%26c',
  );
  expect(endpointUrl('storage.read', { bucket: 'b', key: 'a/b' })).toBe('/api/v1/storage/b/a%2Fb');
});
