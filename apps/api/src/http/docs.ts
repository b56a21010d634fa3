import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { openApiDocument } from '@labelyard/contract';
import type { FastifyInstance } from 'fastify';
import { VERSION } from '../version.js';

/** Swagger UI reads its own files and calls this API; nothing from elsewhere, no inline script. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  // Swagger UI sets style attributes.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Labelyard API</title>
    <link rel="icon" href="/docs/favicon-32x32.png" />
    <link rel="stylesheet" href="/docs/swagger-ui.css" />
  </head>
  <body>
    <div id="api"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/begin.js"></script>
  </body>
</html>
`;

const BEGIN = `SwaggerUIBundle({ url: '/docs/openapi.json', dom_id: '#api', deepLinking: true, persistAuthorization: false });
`;

/** Files of swagger-ui-dist that the page needs. */
const ASSETS: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

/** The documentation, made of the contract and read without the internet. Public: it tells nothing that the project does not. */
export function serveDocs(instance: FastifyInstance): void {
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  const serve = (path: string, type: string, read: () => string | Promise<Buffer>) => {
    let content: string | Promise<Buffer> | undefined;
    instance.get(path, async (_request, reply) => {
      content ??= read();
      void reply.headers({
        'content-type': type,
        'content-security-policy': POLICY,
        'cache-control': 'public, max-age=3600',
      });
      return content;
    });
  };
  serve('/docs', 'text/html; charset=utf-8', () => PAGE);
  serve('/docs/begin.js', 'text/javascript; charset=utf-8', () => BEGIN);
  serve('/docs/openapi.json', 'application/json; charset=utf-8', () => JSON.stringify(openApiDocument(VERSION)));
  for (const [name, type] of Object.entries(ASSETS)) serve(`/docs/${name}`, type, () => readFile(join(folder, name)));
}
