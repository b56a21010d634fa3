/**
 * Images per project, task type (or `overall`) and status, to stand behind `from`. Each counter is the sum of its parts, of
 * which writers at the same time take different ones.
 */
export const STATUS_COUNTS = `(
    select project_id, task_type, status, sum(image_count)::bigint as image_count
    from project_status_counts group by project_id, task_type, status
  )`;
