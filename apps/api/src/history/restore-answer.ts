import type { Restore, RestorePreview, RestoreSelection, UserSummary } from '@labelyard/contract';
import type { RestorePreview as CountedRestore, RestoreRow } from '@labelyard/db';
import { RESTORE_KINDS } from '@labelyard/domain';

/** A restore on the wire. */
export function toRestore(row: RestoreRow, people: ReadonlyMap<string, UserSummary>): Restore {
  const { may_edit_verified: _, ...rest } = row;
  return { ...rest, user: people.get(row.created_by) ?? null, undo: undoOf(row) };
}

/** Whoever restored made changes of their own in that time: taking those back is the undo. */
function undoOf({
  selection,
  status,
  counts,
  created_by,
  created_at,
  finished_at,
}: RestoreRow): RestoreSelection | null {
  const changed = RESTORE_KINDS.some((kind) => (counts[kind] ?? 0) > 0);
  if (status === 'queued' || status === 'running' || !changed || finished_at === null) return null;
  if (selection.kind === 'image') {
    return { kind: 'image', image_id: selection.image_id, at: new Date(Date.parse(created_at) - 1).toISOString() };
  }
  if (selection.kind === 'annotation') {
    const { kind, annotation_id, version, from_version } = selection;
    return { kind, annotation_id, version: from_version, from_version: version };
  }
  return { kind: 'person', user_id: created_by, since: created_at, until: finished_at };
}

/** What a restore would do, on the wire. */
export function toPreview(
  selection: RestoreSelection,
  { editors, ...preview }: CountedRestore,
  people: ReadonlyMap<string, UserSummary>,
): RestorePreview {
  return {
    selection,
    ...preview,
    editors: editors.map((editor) => ({ ...editor, user: people.get(editor.user_id) ?? null })),
  } as RestorePreview;
}
