import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { railwayConfigFindings } from './railway-config.js';

const SAMPLES = join(import.meta.dirname, '..', '..', 'test', 'samples');
const ROOT = join(import.meta.dirname, '..', '..', '..', '..');
const found = (toml: string) => railwayConfigFindings(toml).map(({ at }) => at);

test.each(globSync('apps/*/railway.toml', { cwd: ROOT }))('%s says only what Railway reads', (file) => {
  expect(railwayConfigFindings(readFileSync(join(ROOT, file), 'utf8'))).toEqual([]);
});

test.each([
  [
    'railway-guide-api.toml',
    ['build.builder', 'build.buildCommand', '[healthcheck]'],
    'healthcheckPath and healthcheckTimeout in [deploy]',
  ],
  [
    'railway-guide-web.toml',
    ['build.builder', 'build.buildCommand', 'deploy.startCommand', '[env]'],
    'Variables are set in the dashboard',
  ],
])('the usual guide’s %s', (file, where, why) => {
  const findings = railwayConfigFindings(readFileSync(join(SAMPLES, file), 'utf8'));
  expect(findings.map(({ at }) => at)).toEqual(where);
  expect(findings.at(-1)?.says).toContain(why);
});

test.each([
  ['[deploy]\nhealthCheckPath = "/health"', 'deploy.healthCheckPath', 'Did you mean "healthcheckPath"?'],
  ['[deploy]\nhealthcheckTimeout = "120"', 'deploy.healthcheckTimeout', 'cannot be "120"'],
  ['[deploy]\nrestartPolicyType = "NEVERR"', 'deploy.restartPolicyType', 'cannot be'],
  ['[deplyo]\nstartCommand = "node x"', '[deplyo]', 'Did you mean "deploy"?'],
  ['[environments.pr.deploy]\nnumReplica = 1', 'environments.pr.deploy.numReplica', 'Did you mean "numReplicas"?'],
  ['[environments.pr.env]\nA = 1', '[environments.pr.env]', 'only build and deploy'],
  ['[build\nx', 'line 1', ''],
])('%j is told', (toml, at, says) => {
  const [finding] = railwayConfigFindings(toml);
  expect(finding).toEqual({ at, says: expect.stringContaining(says) as string });
});

test('overrides per environment, numbers as text and replicas by region are fine', () => {
  expect(
    found(
      '"$schema" = "https://railway.com/railway.schema.json"\n[deploy]\noverlapSeconds = "20"\n[deploy.multiRegionConfig.us-west2]\nnumReplicas = 2\n[environments.staging.deploy]\nnumReplicas = 1',
    ),
  ).toEqual([]);
});
