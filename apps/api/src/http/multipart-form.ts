import multipart from '@fastify/multipart';
import type { FastifyInstance } from 'fastify';

/**
 * Lets handlers read multipart forms, by the plugin without its hooks. These put away what its `saveRequestFiles` wrote, which
 * nothing of ours calls, and every request of any kind would wait for two promises and hold a listener for it.
 */
export async function readForms(instance: FastifyInstance, max_file_bytes: number): Promise<void> {
  const hookless = Object.create(instance, { addHook: { value: () => hookless } }) as FastifyInstance;
  await new Promise<void>((resolve, reject) => {
    multipart(hookless, { limits: { fileSize: max_file_bytes } }, (error) => (error ? reject(error) : resolve()));
  });
}
