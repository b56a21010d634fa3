// The programs of one start, ready to run: what each is given and when it counts as up.
import { join } from 'node:path';
import { apiEnvironment, webEnvironment } from './child-environment.mjs';
import { createProcessRecord } from './leftovers.mjs';
import { API_FOLDER, API_PROGRAMS, WEB_FOLDER, webProgram } from './programs.mjs';
import { untilAnswers } from './readiness.mjs';
import { runToEnd, Service } from './service.mjs';

/**
 * @param {object} options
 * @param {import('./settings.mjs').Settings} options.settings
 * @param {() => import('./child-environment.mjs').Environment} options.environment of the start; asked whenever a program begins
 * @param {import('./secrets.mjs').Secrets} options.secrets
 * @param {'start' | 'dev'} options.mode
 * @param {(line: string) => void} options.say
 * @param {AbortSignal} options.signal aborted when everything is to stop
 */
export function createParts({ settings, environment, secrets, mode, say, signal }) {
  const { dataDir, host, apiPort, webPort } = settings;
  const logs = join(dataDir, 'logs');
  const record = createProcessRecord(dataDir);
  // To listen on every address is one thing, to call one of them another.
  const contact = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  const forApi = { cwd: API_FOLDER, logFile: join(logs, 'api.log'), say };

  return {
    logs,
    record,
    /**
     * @param {() => import('./child-environment.mjs').DatabaseUrls | undefined} databases the embedded ones; undefined: the
     *   environment says where they are
     */
    withDatabases(databases) {
      const apiEnv = (port = apiPort) =>
        apiEnvironment({
          env: environment(),
          settings,
          secrets,
          databases: databases(),
          storageRoot: join(dataDir, 'storage'),
          port,
        });
      return {
        labelerUrl: databases()?.labeler ?? '',
        migrate: () =>
          runToEnd({ ...forApi, name: 'migration', args: API_PROGRAMS.migrate, env: () => apiEnv(), signal }),
        /** @param {string} input people, one JSON object per line */
        addPeople: (input) =>
          runToEnd({ ...forApi, name: 'adding people', args: API_PROGRAMS.people, env: () => apiEnv(), input, signal }),
        createApi: (port = apiPort) =>
          new Service({
            ...forApi,
            name: 'API',
            args: API_PROGRAMS.server,
            env: () => apiEnv(port),
            record,
            untilReady: (waiting) =>
              untilAnswers(`http://${contact}:${port}/health/ready`, {
                accept: (status) => status === 200,
                signal: waiting,
              }),
          }),
        /** Where the API on `port` is called. @param {number} port */
        apiOrigin: (port) => `http://${contact}:${port}`,
      };
    },
    createWeb: () =>
      new Service({
        name: 'web',
        args: webProgram(mode, settings),
        cwd: WEB_FOLDER,
        env: () => webEnvironment({ env: environment(), settings, mode }),
        logFile: join(logs, 'web.log'),
        record,
        say,
        untilReady: (waiting) =>
          untilAnswers(`http://${contact}:${webPort}/login`, { accept: (status) => status < 500, signal: waiting }),
      }),
  };
}

/** @typedef {ReturnType<ReturnType<typeof createParts>['withDatabases']>} ApiParts */
