import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { S3TestServer } from './contract.js';

/** A running local R2; its buckets are `datasets` and `annotations`. */
export interface LocalR2 extends S3TestServer {
  /** Further pairs of buckets, for users who must not see each other's objects. */
  readonly more_buckets: readonly S3TestServer['buckets'][];
  /** The process that started it may end without stopping it; it then ends as well. */
  unref: () => void;
  /** Ends the server with every process it started. */
  stop: () => Promise<void>;
}

const ACCESS_KEY = 'local-r2-access-key';
const SECRET_KEY = 'local-r2-secret-key-of-no-value';
/** Path of the S3 API in wrangler's development server. */
const S3_PATH = '/cdn-cgi/local/r2/s3';
const START_MS = 60_000;

/**
 * Runs wrangler as the leader of a process group and kills the group as soon as its parent's pipe closes, so that not
 * even a killed test run leaves a server behind.
 */
const GUARD = `
const end = () => process.kill(-process.pid, 'SIGKILL');
require('node:child_process')
  .spawn(process.execPath, process.argv.slice(1), { stdio: ['ignore', 'inherit', 'inherit'] })
  .on('exit', end).on('error', end);
process.stdin.on('end', end).on('error', end).resume();
`;

/**
 * Starts Cloudflare's local R2 (npm `wrangler`) on a free loopback port, without network or account. Real R2's error
 * codes and signature checks, but no ListParts, no bucket settings and no `response-*` parameters.
 *
 * @param options.dir folder for its data and configuration; kept, so that a second start finds the objects again
 * @param options.more_pairs how many pairs of buckets it has beside the first
 */
export async function startLocalR2({ dir, more_pairs = 0 }: { dir: string; more_pairs?: number }): Promise<LocalR2> {
  const more_buckets = Array.from({ length: more_pairs }, (_, n) => ({
    datasets: `datasets-${n}`,
    annotations: `annotations-${n}`,
  }));
  await mkdir(dir, { recursive: true });
  const config = join(dir, 'wrangler.json');
  const bucket = (binding: string, bucket_name: string) => ({
    binding,
    bucket_name,
    local_dev: { experimental_s3_credentials: { accessKeyId: ACCESS_KEY, secretAccessKey: SECRET_KEY } },
  });
  await writeFile(join(dir, 'worker.mjs'), 'export default { fetch: () => new Response("local R2") };\n');
  await writeFile(
    config,
    JSON.stringify({
      name: 'local-r2',
      main: 'worker.mjs',
      compatibility_date: '2026-01-01',
      r2_buckets: [{ datasets: 'datasets', annotations: 'annotations' }, ...more_buckets].flatMap((pair, n) => [
        bucket(`DATASETS${n || ''}`, pair.datasets),
        bucket(`ANNOTATIONS${n || ''}`, pair.annotations),
      ]),
    }),
  );
  const wrangler = createRequire(import.meta.url).resolve('wrangler');
  const options = ['--ip', '127.0.0.1', '--port', '0', '--inspector-port', '0', '--show-interactive-dev-session=false'];
  const server = spawn(
    process.execPath,
    ['-e', GUARD, '--', wrangler, 'dev', '--local', '--config', config, '--persist-to', join(dir, 'data'), ...options],
    {
      cwd: dir,
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
      // Nothing of this machine's settings: no account, no proxy, no reports home.
      env: {
        HOME: dir,
        CI: '1',
        NO_COLOR: '1',
        WRANGLER_SEND_METRICS: 'false',
        WRANGLER_SEND_ERROR_REPORTS: 'false',
        WRANGLER_WRITE_LOGS: 'false',
        WRANGLER_REGISTRY_PATH: join(dir, 'registry'),
        CLOUDFLARE_CF_FETCH_ENABLED: 'false',
      },
    },
  );
  try {
    const origin = await readyOrigin(server);
    return {
      endpoint: `${origin}${S3_PATH}`,
      access_key: ACCESS_KEY,
      secret_key: SECRET_KEY,
      region: 'auto',
      buckets: { datasets: 'datasets', annotations: 'annotations' },
      more_buckets,
      unref: () => {
        server.unref();
        for (const pipe of server.stdio) (pipe as Socket | null)?.unref();
      },
      stop: () => stop(server),
    };
  } catch (error) {
    await stop(server);
    throw error;
  }
}

/** Waits for wrangler to say where it listens. */
function readyOrigin(server: ChildProcess): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let output = '';
  const fail = (why: string) => reject(new Error(`Local R2 did not start: ${why}\n${output.slice(-4_000)}`));
  const timer = setTimeout(() => fail(`not ready within ${START_MS / 1000} s`), START_MS);
  const onOutput = (chunk: Buffer) => {
    output += chunk.toString();
    const origin = /Ready on (http:\/\/\S+)/.exec(output)?.[1];
    if (origin !== undefined) resolve(origin);
  };
  server.stdout?.on('data', onOutput);
  server.stderr?.on('data', onOutput);
  server.once('error', (error) => fail(error.message));
  server.once('exit', (code) => fail(`it exited with ${code ?? 'a signal'}`));
  return promise.finally(() => clearTimeout(timer));
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const gone = once(server, 'close');
  server.stdin?.end();
  await gone;
}
