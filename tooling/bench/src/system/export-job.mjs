// An export as a program asks for it, and what it costs the product.
import { cpuOf, cpuOfFamily, difference, peakMemory, resetPeakMemory, together } from '../harness/process-meter.mjs';

/**
 * Exports a project and waits for the file.
 *
 * @param {import('./installation.mjs').Api} api
 * @param {{ project_id: number, format: 'coco' | 'yolo' }} wanted
 * @param {Partial<Record<'images' | 'annotations', number>>} counts what the report must say
 * @throws {Error} when it says anything else
 */
export async function exportOnce(api, wanted, counts) {
  let job = await api.call('exports.create', { body: wanted }, { headers: { prefer: 'wait=30' } });
  while (job.status === 'queued' || job.status === 'running') {
    await new Promise((resolve) => setTimeout(resolve, 20));
    job = await api.call('exports.get', { params: { export_id: job.id } });
  }
  const { status, report, error, sha256 } = job;
  const said = /** @type {Record<string, number> | undefined} */ (report?.counts);
  const right = Object.entries(counts).every(([name, count]) => said?.[name] === count);
  if (status !== 'completed' || !right || !sha256)
    throw new Error(`The export is not what was asked for: ${JSON.stringify({ status, error, report })}`);
  return job;
}

/**
 * A side of a comparison: one export, with the processor time of API, worker and database, and the worker's peak memory.
 *
 * @param {{ api: { pid: number }, worker: { pid: number }, database_pid: number, count: number, run: () => Promise<unknown> }} options
 *   `count`: of what the rate is told
 */
export function measuredExport({ api, worker, database_pid, count, run }) {
  const cpu = together(
    () => cpuOf(api.pid),
    () => cpuOf(worker.pid),
    () => cpuOfFamily(database_pid),
  );
  return async () => {
    resetPeakMemory(worker.pid);
    const before = cpu();
    const started = performance.now();
    await run();
    const wall_ms = performance.now() - started;
    return { wall_ms, count, cpu_ms: difference(before, cpu()), peak_mb: peakMemory(worker.pid) };
  };
}
