import { z } from 'zod';
import { integer } from './variable.js';

/** How long the files of exports are kept. Published versions are not among them. */
export const exportsEnv = z.object({ EXPORT_RETENTION_DAYS: integer(0, 36_500).default(30) }).transform((env) => ({
  /** 0 keeps them until somebody deletes them. */
  retention_days: env.EXPORT_RETENTION_DAYS,
}));
