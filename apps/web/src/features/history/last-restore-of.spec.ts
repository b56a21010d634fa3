import type { Restore, RestoreSelection } from '@labelyard/contract';
import { lastRestoreOf } from './last-restore-of';

const person = (since: number, until?: number): RestoreSelection => ({
  kind: 'person',
  user_id: 'ada',
  since: `2026-01-01T00:00:0${since}.000Z`,
  ...(until !== undefined && { until: `2026-01-01T00:00:0${until}.000Z` }),
});
const version: RestoreSelection = { kind: 'version', version_id: 7 };
const row = (id: number, selection: RestoreSelection, undo: RestoreSelection | null = null) =>
  ({ id, selection, undo }) as Restore;

test('versions and people each have a last one of their own', () => {
  const rows = [row(2, person(0), person(4, 5)), row(1, version, person(2, 3))];
  expect(lastRestoreOf('version', rows)).toEqual({ restore: rows[1], is_undo: false });
  expect(lastRestoreOf('person', rows)).toEqual({ restore: rows[0], is_undo: false });
  expect(lastRestoreOf('version', rows.slice(0, 1))).toBeNull();
});

test('what takes a version back belongs to the version, and so does what takes that back', () => {
  const [redo, undo, restored, older] = [
    row(4, person(6, 7)),
    row(3, person(4, 5), person(6, 7)),
    row(2, version, person(4, 5)),
    row(1, person(0)),
  ] as const;
  expect(lastRestoreOf('version', [undo, restored, older])).toEqual({ restore: undo, is_undo: true });
  expect(lastRestoreOf('version', [redo, undo, restored, older])).toEqual({ restore: redo, is_undo: true });
  expect(lastRestoreOf('person', [redo, undo, restored, older])).toEqual({ restore: older, is_undo: false });
});

test('work of the same person in another period takes nothing back', () => {
  const [later, restored] = [row(2, person(4)), row(1, version, person(4, 5))] as const;
  expect(lastRestoreOf('version', [later, restored])?.restore).toBe(restored);
});
