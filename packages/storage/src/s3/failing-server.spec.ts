import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { KeyRefused, ObjectNotFound, RangeNotSatisfiable, StorageRefused, StorageUnavailable } from '../errors.js';
import { createStorage } from '../storage.js';
import { collect, inChunks, readAll, sampleBytes } from '../testing/bytes.js';

const content_type = 'image/png';
const secret_key = 'very-secret-key-material';

function storageAt(endpoint: string, timeouts?: { connect_ms?: number; idle_ms?: number }) {
  return createStorage({
    driver: 's3',
    endpoint,
    access_key: 'visible-access-key',
    secret_key,
    buckets: { datasets: 'datasets', annotations: 'annotations' },
    timeouts,
  });
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A server that does what a test tells it to; closed by `await using`. */
async function serve(handler: Handler) {
  const server = createServer(handler);
  const { endpoint, close } = await listening(server);
  return { endpoint, [Symbol.asyncDispose]: () => (server.closeAllConnections(), close()) };
}

async function listening(server: Server) {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

const answer =
  (status: number, code: string): Handler =>
  (request, response) => {
    request.resume().on('end', () => {
      response.writeHead(status, { 'content-type': 'application/xml' });
      response.end(request.method === 'HEAD' ? undefined : `<Error><Code>${code}</Code><Message>m</Message></Error>`);
    });
  };

async function failureOf(attempt: Promise<unknown>): Promise<Error & { details: object }> {
  try {
    await attempt;
  } catch (error) {
    return error as Error & { details: object };
  }
  throw new Error('It succeeded.');
}

describe('a server that cannot be reached', () => {
  test('refused connections: StorageUnavailable, naming the endpoint and no secret', async () => {
    const { endpoint, close } = await listening(createTcpServer());
    await close();
    const { datasets, ping } = storageAt(endpoint);
    for (const attempt of [
      () => ping(),
      () => datasets.get('a'),
      () => datasets.head('a'),
      () => datasets.put('a', Buffer.from('x'), { content_type }),
      () => datasets.put('a', inChunks(sampleBytes(20_000_000)), { content_type }),
      () => datasets.delete('a'),
      () => datasets.deleteMany(['a']),
      () => datasets.copy('a', 'b'),
      () => datasets.multipart('a', { content_type }),
      () => datasets.list('')[Symbol.asyncIterator]().next(),
    ]) {
      const error = await failureOf(attempt());
      expect(error).toBeInstanceOf(StorageUnavailable);
      expect(error.message).toContain(endpoint);
      expect(error.message).toContain('ECONNREFUSED');
      expect(error.message + JSON.stringify(error.details)).not.toMatch(/secret|visible-access-key/);
    }
  });

  test('an unknown host', async () => {
    const error = await failureOf(storageAt('http://no-such-host.invalid').datasets.head('a'));
    expect(error).toBeInstanceOf(StorageUnavailable);
    expect(error.message).toContain('http://no-such-host.invalid');
  });

  test('a password in the endpoint is not repeated', async () => {
    const error = await failureOf(storageAt('http://user:hunter2@127.0.0.1:1').datasets.head('a'));
    expect(error.message).not.toContain('hunter2');
  });

  test('a server that accepts and never answers', async () => {
    const silent = createTcpServer((socket) => socket.on('error', () => socket.destroy()).resume());
    const { endpoint, close } = await listening(silent);
    const { datasets, close: closeStorage } = storageAt(endpoint, { idle_ms: 100 });
    expect(await failureOf(datasets.get('a'))).toBeInstanceOf(StorageUnavailable);
    closeStorage();
    await close();
  });

  test('ping gives up by itself, and when told to', async () => {
    const silent = createTcpServer((socket) => socket.on('error', () => socket.destroy()).resume());
    const { endpoint, close } = await listening(silent);
    const storage = storageAt(endpoint);
    const error = await failureOf(storage.ping());
    expect(error).toBeInstanceOf(StorageUnavailable);
    expect(error.message).toContain('within 5 s');
    const controller = new AbortController();
    const told = storage.ping({ signal: controller.signal });
    controller.abort(new Error('shutting down'));
    await expect(told).rejects.toThrow('shutting down');
    storage.close();
    await close();
  });
});

describe('a server that says no', () => {
  test.each([
    [403, 'SignatureDoesNotMatch', StorageRefused, 'secret key'],
    [401, 'Unauthorized', StorageRefused, 'access key'],
    [404, 'NoSuchBucket', StorageRefused, 'no such bucket'],
    [403, 'RequestTimeTooSkewed', StorageRefused, 'clocks'],
    [400, 'AuthorizationHeaderMalformed', StorageRefused, 'region'],
    [301, 'PermanentRedirect', StorageRefused, 'another region'],
    [400, 'InvalidArgument', StorageRefused, 'InvalidArgument'],
    [400, 'XMinioInvalidObjectName', KeyRefused, 'keeps no object named "a"'],
    [404, 'NoSuchKey', ObjectNotFound, 'NoSuchKey'],
    [416, 'InvalidRange', RangeNotSatisfiable, 'InvalidRange'],
    [429, 'SlowDown', StorageUnavailable, '429'],
    [500, 'InternalError', StorageUnavailable, '500'],
    [503, 'ServiceUnavailable', StorageUnavailable, '503'],
  ])('%d %s', async (status, code, kind, text) => {
    await using server = await serve(answer(status, code));
    const error = await failureOf(storageAt(server.endpoint).datasets.get('a'));
    expect(error).toBeInstanceOf(kind);
    expect(error.message).toContain(text);
    expect(error.message).toContain('datasets');
  });

  test('ping tells missing objects from missing buckets and wrong keys', async () => {
    for (const [status, code, kind] of [
      [404, 'NoSuchBucket', StorageRefused],
      [403, 'InvalidAccessKeyId', StorageRefused],
    ] as const) {
      await using server = await serve(answer(status, code));
      await expect(storageAt(server.endpoint).ping()).rejects.toThrow(kind);
    }
    await using server = await serve(answer(404, 'NoSuchKey'));
    await storageAt(server.endpoint).ping();
  });

  test('a proxy’s page instead of XML', async () => {
    await using server = await serve((request, response) => {
      request
        .resume()
        .on('end', () => response.writeHead(502, { 'content-type': 'text/html' }).end('<html>Bad gateway'));
    });
    expect(await failureOf(storageAt(server.endpoint).datasets.get('a'))).toBeInstanceOf(StorageUnavailable);
    expect(
      await failureOf(storageAt(server.endpoint).datasets.put('a', Buffer.from('x'), { content_type })),
    ).toBeInstanceOf(StorageUnavailable);
  });

  test('a web server that knows nothing of S3 is not an empty bucket', async () => {
    await using server = await serve((request, response) => {
      request.resume().on('end', () => response.writeHead(404, { 'content-type': 'text/html' }).end('<html>Not found'));
    });
    const { datasets, ping } = storageAt(server.endpoint);
    expect(await failureOf(ping())).toBeInstanceOf(StorageRefused);
    expect((await failureOf(datasets.get('a'))).message).toContain('Check the endpoint');
  });

  test('some objects that could not be deleted', async () => {
    await using server = await serve((request, response) => {
      const denied = '<Error><Key>b</Key><Code>InternalError</Code></Error>';
      request.resume().on('end', () => response.end(`<DeleteResult>${denied}</DeleteResult>`));
    });
    await expect(storageAt(server.endpoint).datasets.deleteMany(['a', 'b'])).rejects.toThrow(
      '1 of 2 objects were not deleted; first "b"',
    );
  });
});

describe('a server that fails half-way', () => {
  test('one failure is tried again, with the body', async () => {
    const bodies: string[] = [];
    await using server = await serve((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        bodies.push(body);
        if (bodies.length === 1) response.destroy();
        else response.writeHead(200, { etag: '"e"' }).end();
      });
    });
    const stored = await storageAt(server.endpoint).datasets.put('a', inChunks(Buffer.from('hello')), { content_type });
    expect(stored).toEqual({ size: 5, etag: 'e' });
    expect(bodies).toEqual(['hello', 'hello']);
  });

  test('a body that breaks off is an error, not a short object', async () => {
    await using server = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '1000', etag: '"e"', 'content-type': content_type });
      response.write(Buffer.alloc(500), () => response.destroy());
    });
    const { body } = await storageAt(server.endpoint).datasets.get('a');
    await expect(readAll(body)).rejects.toThrow(StorageUnavailable);
  });

  test('what was stored stays stored where the connection breaks behind the answer', async () => {
    const broken: Promise<unknown>[] = [];
    await using server = await serve((request, response) => {
      request.resume().on('end', () => {
        broken.push(once(response, 'close'));
        response.writeHead(200, { etag: '"e"', 'content-length': '10' });
        response.write('12345', () => response.destroy());
      });
    });
    const { datasets } = storageAt(server.endpoint);
    expect(await datasets.put('a', Buffer.from('x'), { content_type })).toEqual({ size: 1, etag: 'e' });
    expect(await datasets.resumeMultipart('a', 'u').putPart(1, Buffer.from('x'))).toEqual({
      part_number: 1,
      etag: 'e',
    });
    await datasets.delete('a');
    // An error that nobody listens to would end this process.
    await Promise.all(broken);
    await new Promise(setImmediate);
    expect(broken).toHaveLength(3);
  });

  test('a body that stalls', async () => {
    await using server = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '1000', etag: '"e"' });
      response.write(Buffer.alloc(500));
    });
    const { body } = await storageAt(server.endpoint, { idle_ms: 200 }).datasets.get('a');
    await expect(readAll(body)).rejects.toThrow(StorageUnavailable);
  });

  test('a failed part aborts the upload and keeps the reason', async () => {
    const seen: string[] = [];
    await using server = await serve((request, response) => {
      const { searchParams } = new URL(request.url ?? '', 'http://x');
      const operation = `${request.method} ${searchParams.has('partNumber') ? `part ${searchParams.get('partNumber')}` : 'upload'}`;
      if (!seen.includes(operation)) seen.push(operation);
      request.resume().on('end', () => {
        if (request.method === 'POST') response.end('<R><UploadId>u</UploadId></R>');
        else if (operation === 'PUT part 2') answer(403, 'AccessDenied')(request, response.writeHead(403));
        else response.writeHead(200, { etag: '"e"' }).end();
        if (operation === 'PUT part 2') response.end('<Error><Code>AccessDenied</Code></Error>');
      });
    });
    const put = storageAt(server.endpoint).datasets.put('a', inChunks(sampleBytes(40_000_000)), { content_type });
    await expect(put).rejects.toThrow(StorageRefused);
    expect(seen).toContain('DELETE upload');
    expect(seen.filter((operation) => operation.startsWith('POST'))).toEqual(['POST upload']);
  });

  test.each([
    ['a truncated page without a token', '<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>'],
    [
      'a page that leads to itself',
      '<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken></ListBucketResult>',
    ],
    ['an entry without a key', '<ListBucketResult><Contents><Size>1</Size></Contents></ListBucketResult>'],
  ])('a listing with %s is an error, not the end', async (_what, page) => {
    await using server = await serve((request, response) => {
      request.resume().on('end', () => response.writeHead(200, { 'content-type': 'application/xml' }).end(page));
    });
    await expect(collect(storageAt(server.endpoint).datasets.list(''))).rejects.toThrow(StorageUnavailable);
  });

  test('a server that ignores ranges', async () => {
    await using server = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '4', etag: '"e"' }).end('abcd');
    });
    const ranged = storageAt(server.endpoint).datasets.get('a', { range: { start: 1, end: 2 } });
    await expect(ranged).rejects.toThrow('Content-Range');
  });
});

test('requests carry nothing that R2 refuses', async () => {
  const seen: IncomingMessage[] = [];
  await using server = await serve((request, response) => {
    seen.push(request);
    request
      .resume()
      .on('end', () => response.writeHead(200, { etag: '"e"' }).end('<R><UploadId>u</UploadId><ETag>"e"</ETag></R>'));
  });
  const { datasets } = storageAt(server.endpoint);
  await datasets.put('a', sampleBytes(3_000_000), { content_type });
  await datasets.put('a', inChunks(sampleBytes(9_000_000)), { content_type });
  await datasets.copy('a', 'b').catch(() => undefined);
  await datasets.get('a').then(({ body }) => body.destroy());
  const parts = seen.filter(({ url }) => url?.includes('partNumber'));
  expect(parts.map(({ headers }) => headers['content-length']).toSorted()).toEqual([
    `${9_000_000 - 8_388_608}`,
    '8388608',
  ]);
  for (const { headers, url } of seen) {
    const names = Object.keys(headers).join(' ');
    expect(names).not.toMatch(
      /x-amz-(acl|tagging|checksum|sdk-checksum|expected|storage-class|trailer)|\bexpect\b|transfer-encoding/,
    );
    expect(headers['content-encoding']).toBeUndefined();
    expect(url).not.toMatch(/checksum/i);
  }
});
