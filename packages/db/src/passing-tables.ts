/**
 * Tables of the Labeler DB that stay writable in maintenance, and why: they hold what is true for a moment only, so a copy of the
 * database may have them in any state. Everything else stands still, the job queue (schema `graphile_worker`) included. The
 * operator's tool guards by this list, and the API serves what writes nowhere else.
 */
export const PASSING_TABLES: Readonly<Record<string, string>> = {
  maintenance: 'the switch itself',
  rate_limits: 'counters of attempts: signing in goes on, and goes on being limited',
  project_presence: 'who has which project open now; unlogged, lost in every crash anyway',
  image_locks:
    'a courtesy that lasts a minute; people go on labeling into their browser’s journal and should not collide',
};
