import { type Check, fail, ok, Skip, warn } from './check.js';

const STRANGER = 'https://stranger.invalid';

/** Asks as a browser does before it uploads. Answers the origin that is allowed, null when none is. */
async function preflight(url: string, origin: string, signal: AbortSignal): Promise<string | null> {
  const response = await fetch(url, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'PUT',
      'access-control-request-headers': 'content-type',
    },
    signal,
  });
  const allowed = response.headers.get('access-control-allow-origin');
  const methods = response.headers.get('access-control-allow-methods') ?? '';
  await response.body?.cancel();
  return response.ok && (allowed === origin || allowed === '*') && /\bPUT\b|\*/u.test(methods) ? allowed : null;
}

/** Whether browsers may upload to the bucket from the web app, and from nowhere else. */
export const BUCKET_CORS_CHECKS: readonly Check[] = [
  {
    id: 'storage.cors',
    title: 'Uploads by browsers',
    why: 'Browsers ask the bucket before they upload; without its rule every upload fails.',
    async run({ parts, profile, signal }) {
      const { options, storage } = parts.storage();
      if (options.driver === 'disk') throw new Skip('Files on disk go through the API: CORS_ORIGINS.');
      const origins = (profile.env['CORS_ORIGINS'] ?? '')
        .split(',')
        .map((origin) => origin.trim())
        .filter(Boolean);
      if (origins.length === 0) throw new Skip('CORS_ORIGINS names no web address.');
      const url = storage.datasets.signPut('yard-doctor/preflight.txt', {
        expires_in: 300,
        content_type: 'text/plain',
      });
      const answers = await Promise.all(origins.map((origin) => preflight(url, origin, signal))).catch(() => {
        throw new Skip('The storage cannot be reached.');
      });
      const refused = origins.filter((_, at) => answers[at] === null);
      const rule = `yard storage cors apply --env ${profile.name}`;
      if (refused.length > 0)
        return fail(`${storage.datasets.bucket} refuses ${refused.join(', ')}`, `Give it the rule: ${rule}`);
      const stranger = await preflight(url, STRANGER, signal);
      return stranger === null
        ? ok(`${origins.join(', ')} may, others may not`)
        : warn(
            `${storage.datasets.bucket} lets every site upload with a signed link`,
            `Name the web app’s address only: ${rule}`,
          );
    },
  },
];
