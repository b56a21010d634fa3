import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestApp, JWT_SECRET, type TestApp } from './app.factory.js';

/** What `pnpm build` made. */
const MAIN = join(import.meta.dirname, '..', 'dist', 'main.js');

/** An API beside a worker that is a process of its own and can be killed at any moment; both keep their objects in one folder. */
export class MortalWorker {
  private worker: ChildProcess | null = null;

  private constructor(
    readonly api: TestApp,
    private readonly folder: string,
  ) {}

  /** @throws Error when the API is not built */
  static async open(): Promise<MortalWorker> {
    if (!existsSync(MAIN)) throw new Error('The API is not built: run `pnpm -C apps/api build`');
    const folder = await mkdtemp(join(tmpdir(), 'labelyard-kill-'));
    return new MortalWorker(await createTestApp({ env: { PROCESS_ROLE: 'api', DISK_ROOT: folder } }), folder);
  }

  /**
   * Resolves when the worker says its first word.
   *
   * @throws Error when it ends without one
   */
  async start(): Promise<void> {
    this.worker = spawn(process.execPath, [MAIN], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ENVIRONMENT: 'test',
        PROCESS_ROLE: 'worker',
        LABELER_DB_URL: this.api.databaseUrls.labeler,
        USER_DB_URL: this.api.databaseUrls.user,
        DB_SSL: 'disable',
        STORAGE_DRIVER: 'disk',
        DISK_ROOT: this.folder,
        DISK_PUBLIC_URL: this.api.url,
        JWT_SECRET,
        PORT: '0',
        LOG_LEVEL: 'info',
      },
    });
    const mute = once(this.worker, 'exit').then(([code, signal]) => {
      throw new Error(`The worker ended with ${signal ?? code} before it said anything`);
    });
    mute.catch(() => undefined);
    await Promise.race([once(this.worker.stdout as NodeJS.ReadableStream, 'data'), mute]);
  }

  /** As the machine does when it takes the power away. */
  async kill(): Promise<void> {
    if (!this.worker) return;
    const dead = once(this.worker, 'exit');
    this.worker.kill('SIGKILL');
    await dead;
    this.worker = null;
  }

  /** With bytes that nobody will complete. What a single call was at is none: the disk driver keeps it apart, and removes it after a day. */
  async abandonedUploads(): Promise<string[]> {
    const paths = await readdir(this.folder, { recursive: true });
    return paths.filter((path) => /\/uploads\/[^/]+\/object$/.test(path));
  }

  async close(): Promise<void> {
    await this.kill();
    await this.api.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}
