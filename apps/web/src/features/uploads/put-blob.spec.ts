import { xhrPut } from './put-blob';
import { TransferError } from './retry';

/** The part of XMLHttpRequest that a PUT uses, driven by the test. */
class FakeXhr {
  readonly upload: { onprogress?: (event: { loaded: number }) => void } = {};
  readonly headers: Record<string, string> = {};
  status = 0;
  answer: Record<string, string> = {};
  sent: Blob | null = null;
  onload = (): void => undefined;
  onerror = (): void => undefined;
  onabort = (): void => undefined;
  url = '';
  open(_method: string, url: string): void {
    this.url = url;
  }
  setRequestHeader(name: string, value: string): void {
    this.headers[name] = value;
  }
  getResponseHeader(name: string): string | null {
    return this.answer[name] ?? null;
  }
  send(body: Blob): void {
    this.sent = body;
  }
  abort(): void {
    this.onabort();
  }
}

function start(content_type?: string) {
  const xhr = new FakeXhr();
  const control = new AbortController();
  const progress: number[] = [];
  const result = xhrPut(() => xhr as unknown as XMLHttpRequest)({
    url: 'http://storage.test/a',
    body: new Blob(['12345678']),
    content_type,
    signal: control.signal,
    onProgress: (bytes) => progress.push(bytes),
  });
  return { xhr, control, progress, result };
}

test('sends the signed content type, tells its progress and answers the ETag', async () => {
  const { xhr, progress, result } = start('image/jpeg');
  xhr.upload.onprogress?.({ loaded: 3 });
  Object.assign(xhr, { status: 200, answer: { etag: '"e"' } });
  xhr.onload();
  await expect(result).resolves.toEqual({ etag: '"e"' });
  expect(xhr.headers).toEqual({ 'content-type': 'image/jpeg' });
  expect(progress).toEqual([3, 8]);
});

test('parts carry no content type', () => {
  const { xhr, control, result } = start();
  expect(xhr.headers).toEqual({});
  control.abort();
  return expect(result).rejects.toMatchObject({ name: 'AbortError' });
});

test('a refusal keeps its status and the asked waiting time', async () => {
  const { xhr, result } = start();
  Object.assign(xhr, { status: 503, answer: { 'retry-after': '7' } });
  xhr.onload();
  await expect(result).rejects.toMatchObject({ name: 'TransferError', status: 503, retry_after: 7 });
});

test('a lost connection has status 0', async () => {
  const { xhr, result } = start();
  xhr.onerror();
  await expect(result).rejects.toEqual(new TransferError(0));
});

test('aborting rejects with the reason and does not count as a failure', async () => {
  const { control, result } = start();
  control.abort(new DOMException('halted', 'AbortError'));
  await expect(result).rejects.toMatchObject({ name: 'AbortError' });
});
