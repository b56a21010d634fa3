import { type Check, type CheckContext, fail, ok, Skip } from './check.js';
import { hostKind } from './host-kind.js';

/** Where the API of the environment is reached from here: as yard.config.ts says, or on this machine. */
function apiUrl({ profile }: CheckContext): { url: string; here: boolean } {
  const url = profile.config.urls?.api;
  if (url) return { url, here: hostKind(new URL(url).hostname) === 'loopback' };
  const { DISK_PUBLIC_URL: origin, PORT: port } = profile.env;
  if (origin && hostKind(URL.parse(origin)?.hostname ?? '') === 'loopback') return { url: origin, here: true };
  if (profile.name === 'local' && port) return { url: `http://localhost:${port}`, here: true };
  throw new Skip('yard.config.ts gives it no address (urls.api).');
}

/** Whether the processes run, and whether their ports are theirs. */
export const SERVICE_CHECKS: readonly Check[] = [
  {
    id: 'service.api',
    title: 'API',
    why: 'It must answer on its port, and nobody else.',
    async run(context) {
      const { url, here } = apiUrl(context);
      const { ENDPOINTS, health } = await import('@labelyard/contract');
      const ask = (path: string) => fetch(new URL(path, url), { signal: context.signal });
      let answer: Response;
      try {
        answer = await ask(ENDPOINTS['health.live'].path);
      } catch {
        if (here) throw new Skip(`Nothing runs at ${url}: the port is free.`);
        return fail(`${url} does not answer`, 'Is it deployed, and does its service have a public domain?');
      }
      const read = health.safeParse(await answer.json().catch(() => null));
      if (!read.success)
        return fail(
          `something else answers at ${url} (${answer.status})`,
          here ? 'End it, or give the API another port: API_PORT.' : 'Correct urls.api in yard.config.ts.',
        );
      const ready = await ask(ENDPOINTS['health.ready'].path);
      const body = await ready.text();
      return ready.ok
        ? ok(`${url} is ready, version ${read.data.version} (${read.data.environment})`)
        : fail(`${url} is not ready: ${body.slice(0, 300)}`, 'The checks of databases and storage tell why.');
    },
  },
];
