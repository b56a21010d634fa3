import { join } from 'node:path';
import { compare, METRICS } from '../harness/compare.mjs';
import { runJson } from '../system/node-process.mjs';

const PROGRAM = join(import.meta.dirname, '..', 'references', 'presign-batch.mjs');
const COMPARED = 200;

/** @type {import('./bench.mjs').Bench} */
export const presign = {
  name: 'presign',
  says: 'one presigned GET URL, against the AWS SDK’s presigner',
  async run(lab) {
    await assertSameUrls();
    const [ours, sdk] = lab.bySize({ small: [20_000, 1_000], standard: [100_000, 4_000], full: [400_000, 16_000] });
    const batch = (/** @type {string} */ signer, /** @type {number | undefined} */ count) => () =>
      runJson([PROGRAM, signer, String(count)]);
    return [
      await compare(
        {
          what: 'one URL',
          a: { name: 'storage.signGet', run: batch('ours', ours) },
          b: { name: '@aws-sdk/s3-request-presigner', run: batch('sdk', sdk) },
          metric: METRICS.microseconds,
          ratio: 'speed',
          good: 20,
          goal: 50,
        },
        lab,
      ),
    ];
  },
};

/** Both must say the same, or the comparison is of two different things. The SDK orders the parameters otherwise. */
async function assertSameUrls() {
  const [ours, sdk] = await Promise.all(
    ['ours', 'sdk'].map((signer) => runJson([PROGRAM, signer, String(COMPARED), '--show'])),
  );
  for (let n = 0; n < COMPARED; n += 1) {
    const sorted = [ours[n], sdk[n]].map((text) => {
      const url = new URL(text);
      url.searchParams.sort();
      return url.href;
    });
    if (sorted[0] !== sorted[1]) throw new Error(`Signed differently:\n${sorted.join('\n')}`);
  }
}
