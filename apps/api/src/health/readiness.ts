import type { z } from 'zod';
import type { readiness } from '@labelyard/contract';
import { pendingMigrations, type LabelerDb, type UserDb } from '@labelyard/db';
import type { MaintenanceMode } from '../maintenance/maintenance-mode.js';
import type { Storage } from '@labelyard/storage';

export type Readiness = z.infer<typeof readiness>;
type CheckName = keyof Readiness['checks'];
type Check = NonNullable<Readiness['checks'][CheckName]>;

/** Whoever asks must get an answer within a second, also from a network that swallows packets. */
const CHECK_TIMEOUT_MS = 900;
/** The route is public: however often it is called, the checks run at most this often. */
const REMEMBERED_MS = 1_000;

/** Whether this process can do its work: what stands behind it, each asked by name and at the same time. */
export class ReadinessProbe {
  private draining = false;
  private last: { readonly at: number; readonly result: Promise<Readiness['checks']> } | null = null;

  constructor(
    private readonly parts: {
      labelerDb: LabelerDb;
      userDb: UserDb;
      storage: Storage;
      maintenance: Pick<MaintenanceMode, 'notice'>;
    },
    private readonly version: string,
    private readonly now: () => number = Date.now,
  ) {}

  /** From here on the process only finishes what it began. */
  drain(): void {
    this.draining = true;
  }

  async read(): Promise<Readiness> {
    if (!this.last || this.now() - this.last.at >= REMEMBERED_MS) this.last = { at: this.now(), result: this.check() };
    const checks = await this.last.result;
    const ok = Object.values(checks).every((check) => check.ok);
    return {
      status: this.draining ? 'draining' : ok ? 'ok' : 'failing',
      version: this.version,
      maintenance: this.parts.maintenance.notice,
      checks,
    };
  }

  private async check(): Promise<Readiness['checks']> {
    const { labelerDb, userDb, storage } = this.parts;
    const [labeler_db, user_db, bucket, schema] = await Promise.all([
      timed(() => labelerDb.ping()),
      timed(() => userDb.ping()),
      timed((signal) => storage.ping({ signal })),
      timed(async () => {
        const missing = await pendingMigrations(labelerDb);
        if (missing.length > 0) throw new Error(`The database lacks ${missing.join(', ')}; run the migrations`);
      }),
    ]);
    return { labeler_db, user_db, storage: bucket, schema };
  }
}

async function timed(work: (signal: AbortSignal) => Promise<void>): Promise<Check> {
  const started = performance.now();
  const signal = AbortSignal.timeout(CHECK_TIMEOUT_MS);
  const late = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error(`No answer within ${CHECK_TIMEOUT_MS} ms`)), {
      once: true,
    });
  });
  const elapsed = () => Math.round((performance.now() - started) * 10) / 10;
  try {
    await Promise.race([work(signal), late]);
    return { ok: true, ms: elapsed() };
  } catch (error) {
    return { ok: false, ms: elapsed(), message: (error as Error).message };
  }
}
