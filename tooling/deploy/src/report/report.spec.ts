import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStateFolder } from '../state/state-folder.js';
import { judgeCriteria } from './criteria.js';
import { type Evidence, keepEvidence, readEvidence } from './evidence.js';
import { reportHtml, reportMarkdown } from './render-report.js';

const evidence = (kind: Evidence['kind'], ok = true, at = '2026-01-01T00:00:00.000Z'): Evidence => ({
  kind,
  ok,
  at,
  about: ['local', 'railway'],
  says: `${kind} said <so> | thus`,
  data: null,
});
const standing = (number: number, items: Evidence[]) =>
  judgeCriteria(items).find((item) => item.number === number)?.standing;

test('what has no evidence is not proven, also half of it', () => {
  expect(new Set(judgeCriteria([]).map((item) => item.standing))).toEqual(new Set(['not proven']));
  expect(standing(7, [evidence('cutover'), evidence('db verify')])).toBe('not proven');
  expect(standing(7, [evidence('cutover'), evidence('db verify'), evidence('storage check')])).toBe('proven');
});

test('the newest counts: a later failure undoes a proof, a later proof a failure', () => {
  expect(standing(8, [evidence('cutover'), evidence('cutover', false)])).toBe('failed');
  expect(standing(8, [evidence('cutover', false), evidence('cutover')])).toBe('proven');
});

test('a move that was taken back has not moved anything; one after it has', () => {
  const back = { ...evidence('rollback'), about: ['railway', 'local'] };
  const moved = [evidence('cutover'), evidence('db verify')];
  expect(standing(2, [...moved, back])).toBe('not proven');
  expect(standing(2, [...moved, { ...back, about: ['elsewhere', 'local'] }])).toBe('proven');
  expect(standing(2, [...moved, back, evidence('cutover')])).toBe('proven');
});

test('evidence is kept in the state folder and read back in its order', () => {
  const state = openStateFolder(mkdtempSync(join(tmpdir(), 'yard-')));
  expect(readEvidence(state)).toEqual([]);
  const { at: _, ...fact } = evidence('doctor');
  keepEvidence(state, fact, new Date('2026-02-02T00:00:00Z'));
  keepEvidence(state, { ...fact, ok: false }, new Date('2026-01-01T00:00:00Z'));
  expect(readEvidence(state).map(({ ok }) => ok)).toEqual([false, true]);
});

test('texts of evidence cannot break the page or the table', () => {
  const items = [evidence('cutover', false)];
  const report = { made_at: 'now', criteria: judgeCriteria(items), evidence: items };
  expect(reportHtml(report)).not.toContain('<so>');
  expect(reportMarkdown(report)).toContain('said <so> \\| thus');
});
