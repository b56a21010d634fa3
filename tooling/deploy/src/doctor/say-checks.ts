import { type CheckStatus } from './check.js';
import type { CheckReport } from './run-checks.js';

const SIGNS: Readonly<Record<CheckStatus, string>> = { ok: '✓', skipped: '–', warn: '!', fail: '✗' };

/** What was found, in words; in the order of `runChecks`, so the worst comes last. */
export function sayChecks(reports: readonly CheckReport[]): readonly string[] {
  return [
    ...reports.filter(({ status }) => status === 'ok').flatMap(lines),
    ...skippedLines(reports),
    ...reports.filter(({ status }) => status === 'warn' || status === 'fail').flatMap(lines),
  ];
}

function lines({ status, title, seen, why, next }: CheckReport): readonly string[] {
  const head = `${SIGNS[status]} ${title}: ${seen}`;
  if (status === 'ok') return [head];
  return [head, `    ${why}`, ...(next === null ? [] : [`    → ${next}`])];
}

/** What was skipped for one reason is told together. */
function skippedLines(reports: readonly CheckReport[]): readonly string[] {
  const skipped = Map.groupBy(
    reports.filter(({ status }) => status === 'skipped'),
    ({ seen }) => seen,
  );
  return [...skipped].map(
    ([seen, together]) => `${SIGNS.skipped} ${together.map(({ title }) => title).join(', ')}: ${seen}`,
  );
}
