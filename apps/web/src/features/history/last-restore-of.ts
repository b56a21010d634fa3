import type { Restore, RestoreSelection } from '@labelyard/contract';

type Kind = RestoreSelection['kind'];

export interface LastRestore {
  readonly restore: Restore;
  /** It took another one back. */
  readonly is_undo: boolean;
}

/**
 * The newest of `restores`, newest first, that brought something of this kind back or took such a one back. What takes a version back
 * is on the wire the work of a person and still belongs to the version.
 */
export function lastRestoreOf(kind: Kind, restores: readonly Restore[]): LastRestore | null {
  const restore = restores.find((one) => kindOf(one, restores) === kind);
  return restore ? { restore, is_undo: undoneBy(restore, restores) !== undefined } : null;
}

function kindOf(restore: Restore, restores: readonly Restore[]): Kind {
  const undone = undoneBy(restore, restores);
  return undone ? kindOf(undone, restores) : restore.selection.kind;
}

function undoneBy({ id, selection }: Restore, restores: readonly Restore[]): Restore | undefined {
  if (selection.kind !== 'person') return undefined;
  return restores.find(
    ({ id: older, undo }) =>
      older < id &&
      undo?.kind === 'person' &&
      undo.user_id === selection.user_id &&
      undo.since === selection.since &&
      undo.until === selection.until,
  );
}
