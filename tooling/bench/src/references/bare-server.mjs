// What the HTTP benches compare with: node:http and nothing around it, one connection pool of pg, JSON.stringify.
import { createServer } from 'node:http';
import pg from 'pg';

/** As many as the API's own. */
const POOL_SIZE = 15;

/**
 * Answers every request with what `answer` makes of it; says where it listens as one line on stdout.
 *
 * @param {(request: import('node:http').IncomingMessage) => unknown} answer the body before JSON.stringify, or a promise of it
 */
export function serve(answer) {
  const server = createServer((request, response) => {
    Promise.resolve(answer(request)).then(
      (body) => {
        // Without writeHead: Node.js then knows the length and does not send in chunks.
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify(body));
      },
      (error) => {
        response.writeHead(500);
        response.end(String(error));
      },
    );
  });
  server.listen(Number(process.env.PORT), '127.0.0.1');
}

/** @param {string} url */
export function pool(url) {
  // What our API sets for its short queries as well.
  const options = '-c jit=off -c max_parallel_workers_per_gather=0 -c timezone=UTC';
  return new pg.Pool({ connectionString: url, max: POOL_SIZE, options });
}
