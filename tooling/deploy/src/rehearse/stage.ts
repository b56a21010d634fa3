import { randomBytes } from 'node:crypto';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '@labelyard/embedded-postgres';
import { environmentText } from '../cutover/active-environment.js';
import type { YardConfig } from '../profiles/profile.js';
import { openRestartSwitch } from './restart-switch.js';
import type { Login } from './seed-installation.js';
import { createPrograms } from './stage-programs.js';
import { openDatabases, openStorage, type SideOptions, type Undo } from './stage-servers.js';

export interface StageOptions {
  readonly from: SideOptions;
  readonly to: SideOptions;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Two places an installation can live in, and the installation itself, alive in the first of them. */
export interface Stage {
  /** Holds yard.config.ts, the environment files and the logs. */
  readonly folder: string;
  /** The API and the web as people reach them, wherever the installation lives. */
  readonly api: string;
  readonly web: string;
  readonly login: Login;
  stop: () => Promise<void>;
}

/** Names of the two environments, as yard.config.ts has them. */
export const SIDES = { from: 'local', to: 'cloud' } as const;

const HOST = '127.0.0.1';
/** The rehearsal's own people; they exist only in its databases. */
const PERSON = {
  email: 'rehearsal@labelyard.example',
  password: randomBytes(18).toString('base64url'),
  full_name: 'Rehearsal',
  system_role: 'admin',
};

/** Builds the stage: servers, schemas, a person, the API and the web. Everything is stopped and removed by `stop`. */
export async function buildStage({ from, to, say, signal }: StageOptions): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'yard-rehearsal-'));
  // Root starts Postgres as another user, who has to get through.
  chmodSync(folder, 0o711);
  const undo: Undo = [];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const [api_port, web_port] = [await findFreePort(), await findFreePort()];
    const [api, web] = [`http://${HOST}:${api_port}`, `http://${HOST}:${web_port}`];
    say('Starting the databases and storages of both sides');
    const shared = sharedVariables(web);
    for (const [name, side] of [
      [SIDES.from, from],
      [SIDES.to, to],
    ] as const) {
      const place = join(folder, name);
      mkdirSync(place, { mode: 0o711 });
      const env = {
        ...shared,
        ...(await openDatabases(side, place, undo)),
        ...(await openStorage(side, place, api, undo)),
      };
      writeFileSync(join(folder, `${name}.env`), environmentText(env), { mode: 0o600 });
      signal.throwIfAborted();
    }
    copyFileSync(join(folder, `${SIDES.from}.env`), join(folder, '.env'));
    const logs = join(folder, 'logs');
    mkdirSync(logs);
    const programs = createPrograms({
      host: HOST,
      api_port,
      web_port,
      env_file: join(folder, '.env'),
      logs,
      say,
      signal,
    });
    undo.push(programs.stop);
    await programs.prepare(PERSON);
    say('Starting the API and the web');
    await programs.start();
    const restart = await openRestartSwitch(programs.restart);
    undo.push(restart.close);
    writeConfig(folder, { api, web }, restart.command);
    return { folder, api, web, login: PERSON, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What both sides have in common; signed-in people stay signed in. */
function sharedVariables(web: string): Record<string, string> {
  return {
    NODE_ENV: 'production',
    ENVIRONMENT: 'development',
    USER_DB_MANAGED: 'true',
    JWT_SECRET: randomBytes(48).toString('base64url'),
    CORS_ORIGINS: web,
    SHUTDOWN_GRACE_SECONDS: '5',
    // The writers are one person at full speed.
    RATE_LIMIT_GENERAL: '10000000',
  };
}

function writeConfig(folder: string, urls: { api: string; web: string }, restart: readonly string[]): void {
  const profile = (name: string) => ({ env_file: `${name}.env`, urls, restart });
  const config: YardConfig = {
    active_env_file: '.env',
    profiles: { [SIDES.from]: profile(SIDES.from), [SIDES.to]: profile(SIDES.to) },
  };
  writeFileSync(join(folder, 'yard.config.ts'), `export default ${JSON.stringify(config, null, 2)};\n`);
}
