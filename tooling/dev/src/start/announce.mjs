// What the terminal shows once everything runs.
import { DEMO_DATASET, DEMO_PASSWORD, DEMO_PEOPLE } from '../demo/demo-people.mjs';

/**
 * @param {{ settings: import('./settings.mjs').Settings, mode: 'start' | 'dev', seconds: number }} options
 */
export function announce({ settings, mode, seconds }) {
  const { webPort, apiPort, dataDir, host } = settings;
  const lines = [
    '',
    `Labelyard is ready (${seconds.toFixed(1)} s)`,
    '',
    `  Web    http://localhost:${webPort}`,
    `  API    http://localhost:${apiPort}/api/v1   (documentation: http://localhost:${apiPort}/docs)`,
    `  Data   ${dataDir}${settings.external ? ` (files only; the API uses ${describeDatabases(settings)})` : ''}`,
  ];
  if (settings.demo) {
    lines.push('', `  Sign in with the password "${DEMO_PASSWORD}" as`);
    for (const { email, says } of DEMO_PEOPLE) lines.push(`    ${email.padEnd(27)} ${says} of "${DEMO_DATASET}"`);
    if (host !== 'localhost' && host !== '127.0.0.1') {
      lines.push('', `  Careful: ${host} is reachable from other machines, and these passwords are public.`);
    }
  }
  lines.push(
    '',
    mode === 'dev'
      ? '  Watching for changes. Ctrl-C stops everything; data stays.'
      : '  Ctrl-C stops everything; data stays.',
    '',
  );
  console.log(lines.join('\n'));
}

/** @param {import('./settings.mjs').Settings} settings */
export function describeDatabases({ external, embedded }) {
  if (!external) return 'the embedded Postgres';
  return `the databases that ${external.labeler} and ${external.user} name${embedded ? '; the embedded Postgres is kept running' : ''}`;
}

/**
 * @param {import('@labelyard/embedded-postgres').LockHolder | undefined} holder of the data folder
 */
export function explainRunning(holder) {
  const { web, api } = /** @type {{ web?: number, api?: number }} */ (holder?.note ?? {});
  const where = web ? `Web: http://localhost:${web}   API: http://localhost:${api}` : 'It is still starting.';
  return [
    `Labelyard is already running on this data folder (process ${holder?.pid ?? 'unknown'}).`,
    where,
    'Stop it with Ctrl-C where it was started. For a second one set LABELYARD_DATA_DIR, API_PORT and WEB_PORT.',
  ].join('\n');
}
