import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { runYard, temporaryFolder } from '../run-yard.js';
import { serve } from '../serve.js';

/** A server that keeps a bucket's lifecycle as S3 does: as the document it was given. */
const documents = new Map<string, string>();
let server: Server;
let endpoint: string;

beforeAll(async () => {
  server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://server');
  const bucket = pathname.split('/')[1] ?? '';
  if (!searchParams.has('lifecycle')) return void response.writeHead(400).end();
  if (request.method === 'PUT') {
    documents.set(bucket, await text(request));
    return void response.end();
  }
  const known = documents.get(bucket);
  response.writeHead(known === undefined ? 404 : 200, { 'content-type': 'application/xml' });
  response.end(known ?? '<Error><Code>NoSuchLifecycleConfiguration</Code></Error>');
}

function writeConfig(folder: string, S3_ENDPOINT: string): void {
  const env = {
    STORAGE_DRIVER: 's3',
    S3_ENDPOINT,
    S3_ACCESS_KEY: 'key',
    S3_SECRET_KEY: 'a secret of the storage',
    S3_BUCKET_DATASETS: 'images',
    S3_BUCKET_ANNOTATIONS: 'exports',
    EXPORT_RETENTION_DAYS: '14',
  };
  writeFileSync(join(folder, 'yard.config.ts'), `export default ${JSON.stringify({ profiles: { here: { env } } })};`);
}

test('a server that takes no such rule is told as that, not as a fault of yard', async () => {
  using folder = temporaryFolder();
  await using strict = await serve((request, response) => {
    const code = request.method === 'PUT' ? 'InvalidArgument' : 'NoSuchLifecycleConfiguration';
    response.writeHead(request.method === 'PUT' ? 400 : 404, { 'content-type': 'application/xml' });
    request.resume().on('end', () => response.end(`<Error><Code>${code}</Code><Message>not so</Message></Error>`));
  });
  writeConfig(folder.path, strict.endpoint);
  const { code, stderr } = await runYard(['storage', 'lifecycle', 'apply', '--env', 'here'], { cwd: folder.path });
  expect(code).toBe(1);
  expect(stderr).toContain('Lifecycle of bucket "images": this server does not take it: not so (400 InvalidArgument).');
  expect(stderr).not.toContain('fault of yard');
});

test('gives up unfinished uploads, and says why exports have no rule and what clears them', async () => {
  using folder = temporaryFolder();
  writeConfig(folder.path, endpoint);
  const lifecycle = (verb: string) => runYard(['storage', 'lifecycle', verb, '--env', 'here'], { cwd: folder.path });

  const planned = await lifecycle('plan');
  expect(planned.code).toBe(2);
  expect(planned.stdout).toContain('exports: no rule for exports: the API’s workers delete them');
  expect(planned.stdout).toContain('when they are 14 days old (EXPORT_RETENTION_DAYS)');
  expect(await lifecycle('apply')).toMatchObject({ code: 0 });
  for (const bucket of ['images', 'exports'])
    expect(documents.get(bucket)).toContain(
      '<AbortIncompleteMultipartUpload><DaysAfterInitiation>7</DaysAfterInitiation></AbortIncompleteMultipartUpload>',
    );
  const verified = await lifecycle('verify');
  expect(verified).toMatchObject({ code: 0 });
  expect(verified.stdout).toContain('exports: as it should be');

  const theirs = '<Rule><ID>old</ID><Status>Enabled</Status><Filter/><Expiration><Days>1</Days></Expiration></Rule>';
  documents.set('exports', (documents.get('exports') ?? '').replace('<Rule>', `${theirs}<Rule>`));
  const endangered = await lifecycle('verify');
  expect(endangered.code).toBe(2);
  expect(endangered.stdout).toContain('exports: ✗ rule "old" deletes everything by its age');
});
