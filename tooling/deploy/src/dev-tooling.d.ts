/** The parts of the untyped package that are used here. */
declare module '@labelyard/dev/service' {
  export interface ServiceOptions {
    readonly name: string;
    /** For Node.js. */
    readonly args: readonly string[];
    readonly cwd: string;
    /** Asked anew at each start. */
    readonly env: () => Record<string, string | undefined>;
    readonly logFile: string;
    readonly untilReady: (signal: AbortSignal) => Promise<void>;
    readonly record: unknown;
    readonly say: (line: string) => void;
  }
  export class Service {
    constructor(options: ServiceOptions);
    start(): Promise<void>;
    restart(): Promise<void>;
    stop(options?: { graceMs?: number }): Promise<void>;
  }
  export function runToEnd(
    options: Pick<ServiceOptions, 'name' | 'args' | 'cwd' | 'env' | 'logFile' | 'say'> & {
      input?: string;
      signal: AbortSignal;
    },
  ): Promise<void>;
}
declare module '@labelyard/dev/leftovers' {
  export function createProcessRecord(dataDir: string): unknown;
}
declare module '@labelyard/dev/readiness' {
  export function untilAnswers(
    url: string,
    options: { accept: (status: number) => boolean; signal: AbortSignal },
  ): Promise<void>;
}
declare module '@labelyard/dev/programs' {
  export const API_FOLDER: string;
  export const WEB_FOLDER: string;
  export const API_PROGRAMS: Readonly<Record<'server' | 'migrate' | 'people', readonly string[]>>;
  export function webProgram(mode: 'start' | 'dev', settings: { host: string; webPort: number }): readonly string[];
}
