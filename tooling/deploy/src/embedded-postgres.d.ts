/** The part of the untyped package that is used here. */
declare module '@labelyard/embedded-postgres' {
  export interface LockHolder {
    readonly pid: number;
    readonly note: Readonly<Record<string, unknown>>;
  }
  export class FileLockHeld extends Error {
    readonly holder: LockHolder | undefined;
  }
  export function acquireFileLock(
    path: string,
    options?: { waitMs?: number; note?: Record<string, unknown> },
  ): Promise<{ describe(note: Record<string, unknown>): void; release(): void }>;

  export interface Cluster {
    url(database: string, login?: { user: string; password: string }): string;
    readonly port: number;
    readonly exited: Promise<unknown>;
    stop(): Promise<void>;
  }
  export function startCluster(options: {
    dataDir: string;
    /** 0: any free one. */
    port: number;
    superuser: string;
    password: string;
    fast?: boolean;
    logFile?: string;
  }): Promise<Cluster>;
  export function startTestCluster(options?: { url?: string | undefined }): Promise<{
    url(database: string, login?: { user: string; password: string }): string;
    readonly port: number;
    release(): void;
  }>;
  export function installedPrograms(major: number): string | undefined;
  export function startInstalledPostgres(options: {
    programs: string;
    home: string;
    fast?: boolean;
  }): Promise<{ url(database: string): string; stop(): void }>;
  export function ensureDatabases(options: {
    url: string;
    roles: readonly { name: string; password: string }[];
    databases: readonly { name: string; owner: string; connect?: readonly string[] }[];
  }): Promise<void>;
  export function findFreePort(): Promise<number>;
}
