import type { Evidence } from './evidence.js';
import type { JudgedCriterion, Standing } from './criteria.js';

export interface Report {
  readonly made_at: string;
  readonly criteria: readonly JudgedCriterion[];
  readonly evidence: readonly Evidence[];
}

const SIGNS: Readonly<Record<Standing, string>> = { proven: '✓', failed: '✗', 'not proven': '–' };

/** For a terminal, a pull request or a wiki. */
export function reportMarkdown({ made_at, criteria, evidence }: Report): string {
  return [
    '# Move report',
    '',
    `Made ${made_at} from the evidence in \`.yard/reports\`. What has no evidence is "not proven".`,
    '',
    '| | criterion | standing | evidence | next |',
    '| --- | --- | --- | --- | --- |',
    ...criteria.map(
      (item) =>
        `| ${item.number} | ${cell(item.says)} | ${SIGNS[item.standing]} ${item.standing} | ${cell(
          item.evidence.map(evidenceLine).join('; ') || 'none',
        )} | ${item.standing === 'proven' ? '' : cell(`\`${item.next}\``)} |`,
    ),
    '',
    '## All evidence, the newest first',
    '',
    '| when | what | about | result |',
    '| --- | --- | --- | --- |',
    ...evidence
      .toReversed()
      .map(
        (item) =>
          `| ${item.at} | ${item.kind} | ${cell(item.about.join(' → '))} | ${item.ok ? '✓' : '✗'} ${cell(item.says)} |`,
      ),
    '',
  ].join('\n');
}

/** The same as one page without scripts or anything from elsewhere. */
export function reportHtml({ made_at, criteria, evidence }: Report): string {
  const row = (cells: readonly string[], kind = '') =>
    `<tr class="${kind}">${cells.map((text) => `<td>${escaped(text)}</td>`).join('')}</tr>`;
  const head = (names: readonly string[]) =>
    `<thead><tr>${names.map((name) => `<th scope="col">${name}</th>`).join('')}</tr></thead>`;
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Move report</title>
<style>
  :root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
  body { max-width: 70rem; margin: 2rem auto; padding: 0 1rem }
  table { border-collapse: collapse; width: 100%; margin: 1rem 0 2rem }
  th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid color-mix(in srgb, currentcolor 20%, transparent) }
  .proven td:nth-child(3) { color: light-dark(#156c2f, #6ecb88) }
  .failed td:nth-child(3) { color: light-dark(#b3261e, #f2867f) }
</style>
<h1>Move report</h1>
<p>Made ${escaped(made_at)}. What has no evidence is “not proven”.</p>
<table>${head(['', 'Criterion', 'Standing', 'Evidence', 'Next'])}<tbody>
${criteria
  .map((item) =>
    row(
      [
        String(item.number),
        item.says,
        `${SIGNS[item.standing]} ${item.standing}`,
        item.evidence.map(evidenceLine).join('; ') || 'none',
        item.standing === 'proven' ? '' : item.next,
      ],
      item.standing.replace(' ', '-'),
    ),
  )
  .join('\n')}
</tbody></table>
<h2>All evidence</h2>
<table>${head(['When', 'What', 'About', 'Result'])}<tbody>
${evidence
  .toReversed()
  .map((item) => row([item.at, item.kind, item.about.join(' → '), `${item.ok ? '✓' : '✗'} ${item.says}`]))
  .join('\n')}
</tbody></table>
</html>
`;
}

function evidenceLine({ kind, at, says }: Evidence): string {
  return `${kind} ${at.slice(0, 16).replace('T', ' ')}: ${says}`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
