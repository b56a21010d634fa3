/** Runs once when the server starts, before the first request. */
export async function register(): Promise<void> {
  // Not read at run time: the compiler replaces it and drops the branch from the edge bundle.
  // oxlint-disable-next-line node/no-process-env
  if (process.env.NEXT_RUNTIME === 'nodejs') {
    const [{ hookServer }, { env }] = await Promise.all([import('@/http/server-hooks'), import('@/env')]);
    hookServer(env().trust_proxy);
  }
}
