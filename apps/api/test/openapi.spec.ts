import { readFileSync } from 'node:fs';
import { openApiDocument } from '@labelyard/contract';
import { VERSION } from '../src/version.js';
import { createTestApp } from './app.factory.js';

test('the committed file is what the contract says (else: pnpm -C apps/api build && pnpm -C apps/api openapi)', () => {
  const committed = JSON.parse(readFileSync(new URL('../openapi.json', import.meta.url), 'utf8')) as object;
  expect(committed).toEqual(JSON.parse(JSON.stringify(openApiDocument(VERSION))));
});

test('the documentation is served from here alone', async () => {
  await using api = await createTestApp();
  const page = await api.as(null).get('/docs');
  expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
  expect(page.headers['content-security-policy']).toContain("script-src 'self';");
  const links = [...page.text.matchAll(/(?:src|href)="([^"]*)"/gu)].map(([, link = '']) => link);
  expect(links.length).toBeGreaterThan(2);
  for (const link of [...links, '/docs/openapi.json']) {
    expect(link).toMatch(/^\/docs\//u);
    const file = await api.as(null).get(link);
    expect({ link, status: file.status, size: Number(file.headers['content-length']) > 50 }).toEqual({
      link,
      status: 200,
      size: true,
    });
  }
});

test('the documentation can be switched off', async () => {
  await using api = await createTestApp({ env: { DOCS_ENABLED: 'false' } });
  expect((await api.as(null).get('/docs')).status).toBe(404);
});
