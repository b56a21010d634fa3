import type { ListedObject } from '../driver.js';
import { StorageUnavailable } from '../errors.js';
import type { S3Connection } from './connection.js';
import { readListPage, type ListPage } from './list-page.js';
import type { SendObjectRequest } from './object-requests.js';

interface ListedBucket {
  connection: S3Connection;
  send: SendObjectRequest;
  bucket: string;
}

/** All objects under a prefix, page by page. A page that cannot be followed is an error, never an early end. */
export async function* listObjects(
  { connection, send, bucket }: ListedBucket,
  prefix: string,
  { start_after, signal }: { start_after?: string; signal?: AbortSignal },
): AsyncGenerator<ListedObject> {
  const { endpoint, attempt } = connection;
  let token: string | undefined;
  do {
    const { objects, next } = await page(token);
    yield* objects;
    if (next !== undefined && next === token) throw broken('a page that leads to itself');
    token = next;
  } while (token !== undefined);

  async function page(continuation: string | undefined): Promise<ListPage> {
    const query: [name: string, value: string][] = [];
    if (continuation !== undefined) query.push(['continuation-token', continuation]);
    // XML cannot carry every key.
    query.push(['encoding-type', 'url'], ['list-type', '2'], ['prefix', prefix]);
    // A token carries the position; sending both is not portable.
    if (continuation === undefined && start_after !== undefined) query.push(['start-after', start_after]);
    const { body } = await send({ method: 'GET', key: '', query, signal });
    const xml = await attempt({ bucket, key: prefix, signal }, async () => {
      let text = '';
      for await (const chunk of body.setEncoding('utf8') as AsyncIterable<string>) text += chunk;
      return text;
    });
    try {
      return readListPage(xml);
    } catch (error) {
      throw broken((error as Error).message);
    }
  }

  function broken(what: string): StorageUnavailable {
    return new StorageUnavailable(`The listing of bucket "${bucket}" at ${endpoint} holds ${what}.`, {
      endpoint,
      bucket,
    });
  }
}
