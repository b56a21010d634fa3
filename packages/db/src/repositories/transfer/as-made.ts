/** Moments when imports of project $2 were taken back. What such a transaction wrote to the history bears the same one. */
const UNDONE = `(select undone_at from imports where project_id = $2 and status = 'undone')`;

const GAVE_BACK = (row: string) => `${row}.action = 'restore' and ${row}.changed_at in ${UNDONE}`;

/**
 * Whether the annotation with this id is in this version as its import made it: nobody changed it since. That another import replaced it and
 * was taken back is no change. $2 is the project.
 */
export function asMade(id: string, version: string): string {
  return `(${version} = 1 or not exists (
      select from annotation_history h where h.annotation_id = ${id} and h.version between 2 and ${version}
        and not (${GAVE_BACK('h')}) and not (h.action = 'delete' and exists (
          select from annotation_history n where n.annotation_id = h.annotation_id and n.version = h.version + 1
            and ${GAVE_BACK('n')}))))`;
}
