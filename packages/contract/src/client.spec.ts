import { createClient } from './client.js';

const answering = (response: () => Response) => createClient({ origin: '', fetch: async () => response() });
const ask = (response: () => Response) => answering(response)('health.live', {});

test('an answer is what the server said', async () => {
  const said = { status: 'ok', version: '1', environment: 'development' };
  expect(await ask(() => Response.json(said))).toEqual(said);
});

test('an answer that breaks off is none', async () => {
  const broken = () =>
    new Response(
      new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode('{"status":'));
          controller.error(new TypeError('terminated'));
        },
      }),
    );
  await expect(ask(broken)).rejects.toMatchObject({ name: 'ApiError', status: 0, code: 'unreachable' });
  await expect(ask(() => new Response('{"status":'))).rejects.toMatchObject({ status: 0, code: 'unreachable' });
});

test('a refusal of the server has its code, details and when to come back', async () => {
  const error = { code: 'rate_limited', message: 'Later', details: [1], request_id: 'r-1' };
  const refusing = () => Response.json({ error }, { status: 429, headers: { 'retry-after': '7' } });
  await expect(ask(refusing)).rejects.toMatchObject({ status: 429, ...error, retry_after: 7 });
});

test.each([
  [500, 'unreachable'],
  [502, 'unreachable'],
  [404, 'internal'],
])('a page of a proxy with status %d is %s', async (status, code) => {
  const page = () => new Response('<html>', { status, headers: { 'retry-after': '3' } });
  await expect(ask(page)).rejects.toMatchObject({ status, code, retry_after: 3 });
});

test('a fault of the server itself is no proxy’s', async () => {
  const error = { code: 'internal', message: 'Something went wrong' };
  await expect(ask(() => Response.json({ error }, { status: 500 }))).rejects.toMatchObject({ status: 500, ...error });
});
