import { createLabelerDb, type TlsOptions } from '../src/index.js';
import { createTestDatabases, type TestDatabases } from '../src/testing/index.js';
import { newAuthority } from '../src/testing/certificates.js';
import { tlsFront, type TlsFront } from './tls-front.js';
import { create, newWorld } from './world.js';

const authority = newAuthority('Test authority');
const stranger = newAuthority('Another authority');
// Railway's proxy shows a certificate for "localhost" under whatever name it is reached.
const certificate = authority.issue('localhost');

let databases: TestDatabases;
let front: TlsFront;
let plainFront: TlsFront;
let target: { host: string; port: number };

beforeAll(async () => {
  databases = await createTestDatabases();
  const { hostname, port } = new URL(databases.labelerUrl);
  target = { host: hostname, port: Number(port) };
  front = await tlsFront(target, certificate);
  plainFront = await tlsFront(target, null);
});
afterAll(async () => {
  await front?.close();
  await plainFront?.close();
  await databases?.close();
});

/** Connects through a front, asks something, closes. */
async function tryOut(
  tls: TlsOptions,
  { through = front, host = '127.0.0.1', query = '' }: { through?: TlsFront; host?: string; query?: string } = {},
): Promise<string> {
  const url = new URL(databases.labelerUrl);
  url.hostname = host;
  url.port = String(through.port);
  url.search = query;
  const before = through.secured();
  const db = await createLabelerDb({ url: url.href, applicationName: 'tls', tls, pool: { acquireTimeoutMs: 5_000 } });
  try {
    await db.ping();
    await using snapshot = await db.openExport({ project_id: 1 }).catch(() => undefined);
    expect(snapshot).toBeUndefined();
    return through.secured() > before ? 'encrypted' : 'plain';
  } finally {
    await db.close();
  }
}

const refused = (code: string) => ({
  code: 'database_unavailable',
  message: expect.stringContaining(code) as string,
});

test('disable speaks plainly', async () => {
  const db = await createLabelerDb({
    url: `${databases.labelerUrl}?sslmode=require`,
    applicationName: 'tls',
    tls: { mode: 'disable' },
  });
  await db.ping();
  await db.close();
});

test('require encrypts whatever the certificate, and never falls back to plain', async () => {
  expect(await tryOut({ mode: 'require' })).toBe('encrypted');
  expect(await tryOut({ mode: 'require' }, { query: '?sslmode=verify-full&sslrootcert=/nowhere' })).toBe('encrypted');
  await expect(tryOut({ mode: 'require' }, { through: plainFront })).rejects.toMatchObject({
    code: 'database_unavailable',
  });
});

test('verify-ca wants a certificate of the authority, under any name', async () => {
  expect(await tryOut({ mode: 'verify-ca', ca: authority.pem })).toBe('encrypted');
  await expect(tryOut({ mode: 'verify-ca', ca: stranger.pem })).rejects.toMatchObject(refused('UNABLE_TO_VERIFY_LEAF'));
});

test('verify-full wants the name to be right, too', async () => {
  expect(await tryOut({ mode: 'verify-full', ca: authority.pem }, { host: 'localhost' })).toBe('encrypted');
  await expect(tryOut({ mode: 'verify-full', ca: authority.pem })).rejects.toMatchObject(
    refused('ERR_TLS_CERT_ALTNAME_INVALID'),
  );
  await expect(tryOut({ mode: 'verify-full' }, { host: 'localhost' })).rejects.toMatchObject(
    refused('UNABLE_TO_VERIFY_LEAF'),
  );
});

test('pin wants exactly that certificate, and says nothing secret to another', async () => {
  expect(await tryOut({ mode: 'pin', fingerprint: certificate.fingerprint })).toBe('encrypted');
  expect(await tryOut({ mode: 'pin', fingerprint: certificate.fingerprint.replaceAll(':', '').toLowerCase() })).toBe(
    'encrypted',
  );
  const impostor = await tlsFront(target, authority.issue('localhost'));
  try {
    await expect(
      tryOut({ mode: 'pin', fingerprint: certificate.fingerprint }, { through: impostor }),
    ).rejects.toMatchObject(refused('ERR_TLS_CERT_PIN_MISMATCH'));
    expect(front.heard()).toContain('SCRAM-SHA-256');
    expect(impostor.heard()).not.toContain('SCRAM-SHA-256');
  } finally {
    await impostor.close();
  }
});

test.each<[TlsOptions, RegExp]>([
  [{ mode: 'verify-ca' }, /CA certificate/u],
  [{ mode: 'pin' }, /fingerprint/u],
  [{ mode: 'pin', fingerprint: 'ab:cd' }, /64 hex digits/u],
])('%j is refused before anything is sent', async (tls, message) => {
  await expect(createLabelerDb({ url: databases.labelerUrl, applicationName: 'tls', tls })).rejects.toThrow(message);
});

test('an export comes through whole, row by row as in batches', async () => {
  const world = await newWorld(databases.labeler, 2);
  const rows = 3_000;
  for (const index of [0, 1])
    await databases.labeler.annotations.applyOperations(
      world.scope(index),
      Array.from({ length: rows / 2 }, () => create(world, { attributes: { note: 'x'.repeat(200) } })),
    );
  const url = new URL(databases.labelerUrl);
  url.port = String(front.port);
  const db = await createLabelerDb({ url: url.href, applicationName: 'tls', tls: { mode: 'require' } });
  try {
    await using snapshot = await db.openExport({ project_id: world.dataset.project_id });
    const kept: string[] = [];
    for await (const batch of snapshot.annotations('image'))
      kept.push(...batch.map((row) => `${row.id} ${row.attributes}`));
    const passed: string[] = [];
    for await (const batch of snapshot.passing!('image'))
      for (const row of batch) passed.push(`${row.id} ${row.attributes}`);
    expect(passed).toHaveLength(rows);
    expect(passed).toEqual(kept);
  } finally {
    await db.close();
  }
});
