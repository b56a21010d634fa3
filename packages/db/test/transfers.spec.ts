import { createTestDatabases, type TestDatabases } from '../src/testing/index.js';
import type { IdempotencyKey, LabelerDb } from '../src/index.js';
import { newDataset, newImage, OWNER } from './world.js';

let databases: TestDatabases;
let db: LabelerDb;

beforeAll(async () => {
  databases = await createTestDatabases();
  db = databases.labeler;
});
afterAll(() => databases?.close());

describe('uploads', () => {
  const open = async (paths: string[], expires_at = '2099-01-01T00:00:00.000Z') => {
    const { id: dataset_id } = await newDataset(db);
    return db.uploads.create(
      { dataset_id, created_by: OWNER, on_duplicate: 'rename', expires_at },
      paths.map((path, n) => ({
        path,
        size_bytes: 5 * 2 ** 30 + n,
        content_type: 'image/png',
        storage_key: `staging/${n}`,
        ...(path === 'big' && { multipart_upload_id: 'm-1', part_size: 16 * 2 ** 20 }),
        ...(path === 'bad' && { status: 'rejected' as const, code: 'invalid_path', message: 'no' }),
      })),
    );
  };

  test('remember what was announced, in its order', async () => {
    const { upload, files } = await open(['a', 'big', 'bad', 'a']);
    expect(upload).toMatchObject({ status: 'open', on_duplicate: 'rename', expires_at: '2099-01-01T00:00:00.000Z' });
    expect(files.map(({ n, path, status }) => [n, path, status])).toEqual([
      [0, 'a', 'pending'],
      [1, 'big', 'pending'],
      [2, 'bad', 'rejected'],
      [3, 'a', 'pending'],
    ]);
    expect(files[1]).toEqual({
      upload_id: upload.id,
      n: 1,
      path: 'big',
      size_bytes: 5 * 2 ** 30 + 1,
      content_type: 'image/png',
      sha256: null,
      status: 'pending',
      storage_key: 'staging/1',
      multipart_upload_id: 'm-1',
      part_size: 16 * 2 ** 20,
      image_id: null,
      code: null,
      message: null,
    });
    expect(await db.uploads.get(upload.id)).toEqual({ upload, files });
    expect(await db.uploads.get(2 ** 40)).toBeNull();
    await expect(
      db.uploads.create(
        { dataset_id: 2 ** 40, created_by: OWNER, on_duplicate: 'skip', expires_at: upload.expires_at },
        [],
      ),
    ).rejects.toMatchObject({ code: 'not_found' });
  });

  test('are settled when nothing is pending any more', async () => {
    const { upload } = await open(['a', 'b']);
    await db.uploads.updateFiles(upload.id, [{ n: 0, status: 'completed', image_id: 7 }]);
    expect((await db.uploads.settle(upload.id)).status).toBe('open');
    await db.uploads.updateFiles(upload.id, [
      { n: 1, status: 'rejected', code: 'damaged_image', message: 'cut off', storage_key: null },
    ]);
    await db.uploads.updateFiles(upload.id, []);
    expect((await db.uploads.settle(upload.id)).status).toBe('completed');
    expect((await db.uploads.get(upload.id))?.files).toMatchObject([
      { status: 'completed', image_id: 7, storage_key: 'staging/0' },
      { status: 'rejected', code: 'damaged_image', message: 'cut off', storage_key: null, size_bytes: 5 * 2 ** 30 + 1 },
    ]);
    await expect(db.uploads.settle(2 ** 40)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('completed twice at the same moment make each image once', async () => {
    const { upload } = await open(['a', 'b', 'c']);
    const complete = () =>
      db.transaction(async (tx) => {
        const files = (await tx.uploads.lockFiles(upload.id)).filter(({ status }) => status === 'pending');
        const inserted = await tx.images.insertMany(
          upload.dataset_id,
          OWNER,
          'rename',
          files.map(({ path }) => newImage(path)),
        );
        await tx.uploads.updateFiles(
          upload.id,
          files.map(({ n }, index) => ({ n, status: 'completed', image_id: inserted[index]?.image.id as number })),
        );
        return files.length;
      });
    const done = await Promise.all([complete(), complete(), complete()]);
    expect([...done].sort()).toEqual([0, 0, 3]);
    expect(await db.sql.one(`select image_count from datasets where id = $1`, [upload.dataset_id])).toEqual({
      image_count: 3,
    });
  });

  test('can be completed file by file', async () => {
    const { upload } = await open(['a', 'b', 'a']);
    await db.transaction(async (tx) => {
      const files = await tx.uploads.lockFiles(upload.id, ['a', 'missing']);
      expect(files.map(({ n }) => n)).toEqual([0, 2]);
    });
  });

  test('end, and name what is to be removed from the storage, once', async () => {
    const late = await open(['a', 'b'], '2000-01-01T00:00:00.000Z');
    const empty = await open([], '2000-01-01T00:00:00.000Z');
    const early = await open(['a']);
    await db.uploads.updateFiles(late.upload.id, [{ n: 0, status: 'completed' }]);
    const expired = await db.uploads.expire('2020-01-01T00:00:00.000Z', 10);
    expect(expired.map(({ upload_id, files }) => [upload_id, files.map(({ n }) => n)])).toEqual([
      [late.upload.id, [1]],
      [empty.upload.id, []],
    ]);
    expect(await db.uploads.expire('2020-01-01T00:00:00.000Z', 10)).toEqual([]);
    expect((await db.uploads.get(late.upload.id))?.upload.status).toBe('expired');
    expect((await db.uploads.get(early.upload.id))?.upload.status).toBe('open');
  });
});

describe('exports', () => {
  const newExport = async (project_id?: number) =>
    db.exports.create({
      project_id: project_id ?? (await newDataset(db)).project_id,
      format: 'coco',
      options: { state: ['confirmed'] },
      created_by: OWNER,
    });
  const key = '1/exports/x/coco.json';
  const result = {
    size_bytes: 3 * 2 ** 31,
    sha256: 'f'.repeat(64),
    report: { notes: ['n'] },
  };

  test('go from queued to completed', async () => {
    const made = await newExport();
    expect(made).toMatchObject({
      status: 'queued',
      progress: 0,
      options: { state: ['confirmed'] },
      report: null,
      error: null,
    });
    expect(await db.exports.progress(made.id, 0.5)).toBe(false);
    expect(await db.exports.start(made.id, key)).toMatchObject({
      status: 'running',
      started_at: expect.any(String) as string,
    });
    expect(await db.exports.progress(made.id, 0.25)).toBe(true);
    expect((await db.exports.get(made.id))?.progress).toBe(0.25);
    expect(await db.exports.progress(made.id, 7)).toBe(true);
    expect(await db.exports.complete(made.id, result)).toBe(true);
    expect(await db.exports.get(made.id)).toMatchObject({
      ...result,
      storage_key: key,
      multipart_upload_id: null,
      status: 'completed',
      progress: 1,
      finished_at: expect.any(String) as string,
      expires_at: null,
    });
    expect(await db.exports.start(made.id, key)).toBeNull();
    expect(await db.exports.fail(made.id, { code: 'internal', message: 'x' })).toBe(false);
    expect(await db.exports.cancel(made.id)).toBe(false);
  });

  test('begin again after a crash, fail with a reason, and stop when cancelled', async () => {
    const crashed = await newExport();
    await db.exports.start(crashed.id, key);
    await db.exports.progress(crashed.id, 0.9);
    expect(await db.exports.start(crashed.id, key)).toMatchObject({ status: 'running', progress: 0 });
    expect(await db.exports.fail(crashed.id, { code: 'storage_unavailable', message: 'no bucket' })).toBe(true);
    expect(await db.exports.get(crashed.id)).toMatchObject({
      status: 'failed',
      error: { code: 'storage_unavailable', message: 'no bucket' },
    });
    const cancelled = await newExport();
    await db.exports.start(cancelled.id, key);
    expect(await db.exports.cancel(cancelled.id)).toBe(true);
    expect(await db.exports.progress(cancelled.id, 0.5)).toBe(false);
    expect(await db.exports.complete(cancelled.id, result)).toBe(false);
    expect(await db.exports.start(cancelled.id, key)).toBeNull();
    expect(await db.exports.get(2 ** 40)).toBeNull();
  });

  test('remember the upload under way, for whoever goes on after a crash', async () => {
    const made = await newExport();
    expect(await db.exports.uploading(made.id, 'u1')).toBe(false);
    await db.exports.start(made.id, key);
    expect(await db.exports.uploading(made.id, 'u1')).toBe(true);
    expect((await db.exports.start(made.id, key))?.multipart_upload_id).toBe('u1');
    await db.exports.cancel(made.id);
    expect(await db.exports.uploading(made.id, 'u2')).toBe(false);
    const idle = () => 'select where false';
    const found = async () => (await db.exports.remains(idle, 100)).filter(({ id }) => id === made.id);
    expect(await found()).toMatchObject([{ storage_key: key, multipart_upload_id: 'u1' }]);
    expect(await db.exports.remains(() => 'select', 100)).toEqual([]);
    await db.exports.cleaned([made.id]);
    expect(await found()).toEqual([]);
    expect((await db.exports.get(made.id))?.status).toBe('cancelled');
  });

  test('expire, and are deleted: unseen at once, gone when cleaned', async () => {
    const made = await newExport();
    expect(await db.exports.delete(made.id)).toBe(false);
    await db.exports.start(made.id, key);
    expect(await db.exports.delete(made.id)).toBe(false);
    await db.exports.complete(made.id, { ...result, expires_at: '2020-01-02T00:00:00.000Z' });
    expect(await db.exports.expire('2020-01-01T00:00:00.000Z', 10)).toEqual([]);
    expect(await db.exports.expire('2020-01-03T00:00:00.000Z', 10)).toEqual([
      { id: made.id, project_id: made.project_id },
    ]);
    expect((await db.exports.get(made.id))?.status).toBe('expired');
    await db.exports.cleaned([made.id]);
    expect(await db.exports.delete(made.id)).toBe(true);
    expect(await db.exports.delete(made.id)).toBe(false);
    expect(await db.exports.get(made.id)).toBeNull();
    expect((await db.exports.list(made.project_id, { limit: 10 })).items).toEqual([]);
    expect((await db.exports.remains(() => 'select where false', 100)).map(({ id }) => id)).toContain(made.id);
    await db.exports.cleaned([made.id]);
    expect(await db.sql.one('select from exports where id = $1', [made.id])).toBeNull();
  });

  test('are queued in the transaction that makes them, or not made', async () => {
    const { project_id } = await newDataset(db);
    const values = { project_id, format: 'coco', options: {}, created_by: OWNER };
    const seen: number[] = [];
    const made = await db.exports.create(values, async (sql, row) => {
      const inside = await sql.one<{ id: number }>(`select id from exports where id = $1`, [row.id]);
      seen.push(inside?.id ?? 0);
    });
    expect(seen).toEqual([made.id]);
    await expect(db.exports.create(values, () => Promise.reject(new Error('the queue is gone')))).rejects.toThrow(
      'the queue is gone',
    );
    expect((await db.exports.list(project_id, { limit: 10 })).items.map(({ id }) => id)).toEqual([made.id]);
    await expect(db.exports.create({ ...values, project_id: 2 ** 40 })).rejects.toMatchObject({ code: 'not_found' });
  });

  test('are listed newest first, page by page', async () => {
    const { project_id } = await newDataset(db);
    const ids: number[] = [];
    for (let n = 0; n < 5; n += 1) ids.push((await newExport(project_id)).id);
    await newExport();
    const first = await db.exports.list(project_id, { limit: 3 });
    const second = await db.exports.list(project_id, { limit: 3, cursor: first.next_cursor });
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(ids.reverse());
    expect(second.next_cursor).toBeNull();
  });
});

describe('idempotency', () => {
  let n = 0;
  const newKey = (): IdempotencyKey => ({
    user_id: OWNER,
    key: `key-${(n += 1)}`,
    method_path: 'POST /api/v1/datasets',
    request_hash: 'h1',
  });

  test('a key is kept with the work it stands for', async () => {
    const idempotency = newKey();
    const dataset = await db.transaction(
      async (tx) => {
        const made = await tx.datasets.create({
          name: 'once',
          description: '',
          visibility: 'private',
          owner_id: OWNER,
          organization_id: null,
          task_types: ['detection'],
        });
        await tx.idempotency.answer(OWNER, idempotency.key, 201, JSON.stringify({ id: made.id }));
        return made;
      },
      { idempotency },
    );
    expect(await db.idempotency.find(OWNER, idempotency.key)).toEqual({
      ...idempotency,
      response_status: 201,
      response_body: `{"id":${dataset.id}}`,
      created_at: expect.any(String) as string,
    });
    expect(await db.idempotency.find('somebody else', idempotency.key)).toBeNull();
    let ran = false;
    await expect(
      db.transaction(
        async () => {
          ran = true;
        },
        { idempotency: { ...idempotency, request_hash: 'h2' } },
      ),
    ).rejects.toMatchObject({
      code: 'idempotency_conflict',
      details: { request_hash: 'h1', response_status: 201, response_body: `{"id":${dataset.id}}` },
    });
    expect(ran).toBe(false);
  });

  test('a key of failed work is free again', async () => {
    const idempotency = newKey();
    await expect(db.transaction(() => Promise.reject(new Error('no')), { idempotency })).rejects.toThrow('no');
    expect(await db.idempotency.find(OWNER, idempotency.key)).toBeNull();
    expect(await db.transaction(async () => 'done', { idempotency })).toBe('done');
  });

  test('of many requests with one key at the same moment one works', async () => {
    const idempotency = newKey();
    let worked = 0;
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, () =>
        db.transaction(
          async (tx) => {
            worked += 1;
            await tx.idempotency.answer(OWNER, idempotency.key, 200, 'the answer');
          },
          { idempotency },
        ),
      ),
    );
    expect(worked).toBe(1);
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused).toHaveLength(7);
    for (const { reason } of refused) expect(reason).toMatchObject({ details: { response_body: 'the answer' } });
  });

  test('old keys are forgotten', async () => {
    const idempotency = newKey();
    await db.idempotency.claim(idempotency);
    expect(await db.idempotency.prune('2000-01-01T00:00:00Z')).toBe(0);
    expect(await db.idempotency.prune('2999-01-01T00:00:00Z')).toBeGreaterThan(0);
    expect(await db.idempotency.find(OWNER, idempotency.key)).toBeNull();
  });
});

describe('rate limits', () => {
  const limits = { ttl_ms: 60_000, limit: 3, block_ms: 120_000 };
  /** Moves a key's clock instead of waiting. */
  const later = (key: string, seconds: number) =>
    db.sql.run(
      `update rate_limits set reset_at = reset_at - $2 * interval '1 s', blocked_until = blocked_until - $2 * interval '1 s'
        where key = $1`,
      [key, seconds],
    );

  test('count, block above the limit, wait the block out and begin anew', async () => {
    const hit = () => db.rateLimits.hit('login:a', limits);
    expect(await hit()).toEqual({ total_hits: 1, resets_in: 60, is_blocked: false, block_ends_in: 0 });
    await hit();
    expect(await hit()).toMatchObject({ total_hits: 3, is_blocked: false });
    expect(await hit()).toMatchObject({ total_hits: 4, is_blocked: true, block_ends_in: 120 });
    await later('login:a', 61);
    // The window is over, the block is not; hits during it do not prolong it.
    const blocked = await hit();
    expect(blocked).toMatchObject({ total_hits: 4, is_blocked: true });
    expect(blocked.block_ends_in).toBeLessThanOrEqual(59);
    await later('login:a', 60);
    expect(await hit()).toEqual({ total_hits: 1, resets_in: 60, is_blocked: false, block_ends_in: 0 });
  });

  test('begin anew when the window is over, or when reset', async () => {
    for (let n = 0; n < 3; n += 1) await db.rateLimits.hit('b', limits);
    await later('b', 61);
    expect(await db.rateLimits.hit('b', limits)).toMatchObject({ total_hits: 1 });
    await db.rateLimits.hit('b', limits);
    await db.rateLimits.reset('b');
    expect(await db.rateLimits.hit('b', limits)).toMatchObject({ total_hits: 1 });
    expect(await db.rateLimits.hit('never', { ...limits, limit: 0 })).toMatchObject({
      total_hits: 1,
      is_blocked: true,
    });
  });

  test('miss no hit when many come at once', async () => {
    const hits = await Promise.all(
      Array.from({ length: 30 }, () => db.rateLimits.hit('c', { ttl_ms: 60_000, limit: 10, block_ms: 1_000 })),
    );
    expect(hits.filter(({ is_blocked }) => !is_blocked)).toHaveLength(10);
    expect(Math.max(...hits.map(({ total_hits }) => total_hits))).toBe(11);
  });

  test('are cleaned up when they are over', async () => {
    await db.rateLimits.hit('d', limits);
    await db.rateLimits.hit('e', { ...limits, limit: 0 });
    await later('d', 61);
    await later('e', 61);
    await db.rateLimits.prune();
    const left = await db.sql.rows<{ key: string }>(`select key from rate_limits where key in ('d', 'e')`);
    expect(left).toEqual([{ key: 'e' }]);
  });
});
