import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { ReadinessProbe } from '../health/readiness.js';

/**
 * Ends the API: accepts no more connections, answers "draining" to whoever asks whether it is ready, lets requests and
 * jobs finish side by side within `grace_ms`, cuts off what is left then, and closes what everything stood on.
 */
export async function stopGracefully(app: NestFastifyApplication, grace_ms: number): Promise<void> {
  const instance: FastifyInstance = app.getHttpAdapter().getInstance();
  app.get(ReadinessProbe).drain();
  const cut = setTimeout(() => instance.server.closeAllConnections(), grace_ms);
  try {
    // Closing twice waits for the first: jobs begin to stop while requests are still being answered.
    await Promise.all([instance.close(), app.close()]);
  } finally {
    clearTimeout(cut);
  }
}
