import { rehearse } from '../src/rehearse/run-rehearsal.js';

/** Two clusters, two storages, API, web and four ways of them: minutes on a busy machine. */
const LONG_MS = 600_000;

test(
  'an installation moves to other databases and to S3 and back, killed and interrupted on each way, and nothing acknowledged is lost',
  async () => {
    const said: string[] = [];
    const result = await rehearse({
      from: { storage: 'disk' },
      to: { storage: 's3' },
      images: 4,
      annotations: 500,
      writers: 1,
      kills: 1,
      say: (line) => said.push(line),
      progress: () => undefined,
      signal: new AbortController().signal,
    }).catch((error: unknown) => {
      throw new Error(said.slice(-60).join('\n'), { cause: error });
    });
    expect(result.problems).toEqual([]);
    expect(result.writes.accepted).toBe(result.writes.attempted);
    expect(result.writes.accepted).toBeGreaterThan(20);
    for (const leg of [result.there, result.back]) {
      expect(leg).toMatchObject({ kills: 1, interrupted: true });
      expect(leg.stop_seconds).toBeGreaterThan(0);
      expect(leg.verdict.annotations).toBeGreaterThan(0);
    }
  },
  LONG_MS,
);
