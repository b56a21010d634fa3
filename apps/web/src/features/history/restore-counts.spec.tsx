import type { RestoreCount, RestorePreview } from '@labelyard/contract';
import { inEnglish } from '@/i18n/in-english';
import { RestoreCounts } from './restore-counts';

function words(counts: Pick<RestoreCount, 'kind' | 'obstacle' | 'count'>[]): string {
  const preview = { selection: { kind: 'version', version_id: 1 }, counts, editors: [] } as unknown as RestorePreview;
  return inEnglish(<RestoreCounts preview={preview} classes={[]} />);
}

test('one is told as one, several as several', () => {
  const once = words([
    { kind: 'create', obstacle: null, count: 1 },
    { kind: 'delete', obstacle: null, count: 1 },
    { kind: 'update', obstacle: 'verified', count: 1 },
  ]);
  for (const one of ['1 comes back', '1 is deleted', '1 stays as it is: a reviewer verified it'])
    expect(once).toContain(one);
  const twice = words([
    { kind: 'update', obstacle: null, count: 2 },
    { kind: 'create', obstacle: 'image_gone', count: 2 },
  ]);
  for (const several of ['2 change back', '2 stay away: their image is gone']) expect(twice).toContain(several);
});
