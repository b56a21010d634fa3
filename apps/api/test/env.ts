// How the tests are run, not how the API is.

/** `TEST_REPLICAS=2 pnpm test` runs every test against two replicas. */
export const REPLICAS = Number(process.env.TEST_REPLICAS ?? 1);

/** How often a worker is killed while it works; `EXPORT_KILLS=20 pnpm test test/exports-kill.spec.ts` for more. */
export const KILLS = {
  export: Number(process.env.EXPORT_KILLS ?? 2),
  import: Number(process.env.IMPORT_KILLS ?? 2),
  version: Number(process.env.VERSION_KILLS ?? 2),
};
