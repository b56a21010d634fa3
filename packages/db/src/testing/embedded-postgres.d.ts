/** The part of the untyped package that is used here. */
declare module '@labelyard/embedded-postgres' {
  export function findFreePort(): Promise<number>;

  export function startTestCluster(options?: { url?: string | undefined }): Promise<{
    url(database: string, login?: { user: string; password: string }): string;
    readonly port: number;
    release(): void;
  }>;

  export function startCluster(options: {
    dataDir: string;
    port: number;
    superuser: string;
    password: string;
    fast?: boolean;
  }): Promise<{
    url(database: string): string;
    readonly port: number;
    stop(): Promise<void>;
  }>;
}
