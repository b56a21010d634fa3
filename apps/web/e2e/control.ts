import { env } from './env';

/** `api` is the only one, or the first and second of two behind the load balancer. */
export type ProgramName = 'api' | 'api-1' | 'api-2' | 'web' | 'postgres';

/** Kills (-9), stops or starts a program of the stack; resolves when that is done: gone, or answering again. */
export async function control(name: ProgramName, deed: 'kill' | 'stop' | 'start'): Promise<void> {
  const response = await fetch(`${env().control_url}/${name}/${deed}`, { method: 'POST' });
  if (!response.ok) throw new Error(`${deed} ${name}: ${await response.text()}`);
}

/** Runs `work` while a program is dead. It is back afterwards, whatever happened. */
export async function whileDead<T>(name: ProgramName, work: () => Promise<T>): Promise<T> {
  await control(name, 'kill');
  try {
    return await work();
  } finally {
    await control(name, 'start');
  }
}
