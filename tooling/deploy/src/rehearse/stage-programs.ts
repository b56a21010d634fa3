import { join } from 'node:path';
import { createProcessRecord } from '@labelyard/dev/leftovers';
import { API_FOLDER, API_PROGRAMS, WEB_FOLDER, webProgram } from '@labelyard/dev/programs';
import { untilAnswers } from '@labelyard/dev/readiness';
import { runToEnd, Service } from '@labelyard/dev/service';
import { readEnvironmentFile } from '../cutover/active-environment.js';

export interface ProgramsOptions {
  readonly host: string;
  readonly api_port: number;
  readonly web_port: number;
  /** Read anew at each start: the installation lives where it says. */
  readonly env_file: string;
  readonly logs: string;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

export interface Programs {
  /** Brings the schemas up to date and adds a person. */
  prepare(person: Readonly<Record<string, string>>): Promise<void>;
  start(): Promise<void>;
  /** Ends API and web as an operator does, and starts them with what the environment file says now. */
  restart: () => Promise<void>;
  stop: () => Promise<void>;
}

/** The built API and web as processes of their own, started again when they fall over. */
export function createPrograms(options: ProgramsOptions): Programs {
  const { host, api_port, web_port, env_file, logs, say, signal } = options;
  const record = createProcessRecord(logs);
  const environment = () => ({ ...readEnvironmentFile(env_file), HOST: host });
  const forApi = { cwd: API_FOLDER, logFile: join(logs, 'api.log'), say };
  const apiEnvironment = () => ({ ...environment(), PORT: String(api_port) });
  const ready = (url: string) => (waiting: AbortSignal) =>
    untilAnswers(url, { accept: (status) => status < 400, signal: waiting });
  const api = new Service({
    ...forApi,
    name: 'API',
    args: API_PROGRAMS.server,
    env: apiEnvironment,
    record,
    untilReady: ready(`http://${host}:${api_port}/health/ready`),
  });
  const web = new Service({
    name: 'web',
    args: webProgram('start', { host, webPort: web_port }),
    cwd: WEB_FOLDER,
    env: () => ({ ...environment(), PORT: String(web_port), API_URL: `http://${host}:${api_port}` }),
    logFile: join(logs, 'web.log'),
    record,
    say,
    untilReady: ready(`http://${host}:${web_port}/login`),
  });
  const both = (work: (service: Service) => Promise<void>) => Promise.all([api, web].map(work)).then(() => undefined);
  return {
    async prepare(person) {
      await runToEnd({ ...forApi, name: 'migration', args: [...API_PROGRAMS.migrate], env: apiEnvironment, signal });
      const input = `${JSON.stringify(person)}\n`;
      await runToEnd({
        ...forApi,
        name: 'adding a person',
        args: [...API_PROGRAMS.people],
        env: apiEnvironment,
        input,
        signal,
      });
    },
    start: () => both((service) => service.start()),
    restart: () => both((service) => service.restart()),
    stop: () => both((service) => service.stop()),
  };
}
