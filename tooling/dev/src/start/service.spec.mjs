import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findFreePort, isRunning } from '@labelyard/embedded-postgres';
import { createProcessRecord, endLeftovers } from './leftovers.mjs';
import { untilAnswers } from './readiness.mjs';
import { runToEnd, Service } from './service.mjs';

let folder = '';
let said = [];
let services = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'service-'));
  said = [];
  services = [];
});
afterEach(async () => {
  for (const service of services) await service.stop({ graceMs: 0 });
  rmSync(folder, { recursive: true, force: true });
});

/** A web server that says its pid; `body` runs first. */
async function createService(body = '') {
  const port = await findFreePort();
  const program = join(folder, 'program.mjs');
  writeFileSync(
    program,
    `import { createServer } from 'node:http';
     ${body}
     createServer((_request, response) => response.end(String(process.pid))).listen(${port}, '127.0.0.1');`,
  );
  const service = new Service({
    name: 'thing',
    args: [program],
    cwd: folder,
    env: () => process.env,
    logFile: join(folder, 'thing.log'),
    untilReady: (signal) => untilAnswers(`http://127.0.0.1:${port}`, { accept: (status) => status === 200, signal }),
    record: createProcessRecord(folder),
    say: (line) => said.push(line),
  });
  services.push(service);
  const pid = async () => Number(await (await fetch(`http://127.0.0.1:${port}`)).text());
  return { service, pid, port };
}

async function until(condition) {
  while (!(await condition())) await delay(10);
}

test('starts, answers, stops cleanly when asked', async () => {
  const { service, pid } = await createService(
    `process.on('SIGTERM', () => { console.log('bye'); process.exit(0); });`,
  );
  await service.start();
  const running = await pid();
  await service.stop();
  expect(isRunning(running)).toBe(false);
  expect(readFileSync(join(folder, 'thing.log'), 'utf8')).toContain('bye');
  expect(said).toEqual([]);
});

test('what does not stop when asked is killed after the grace, children included', async () => {
  const childFile = join(folder, 'child.pid');
  const { service, pid } = await createService(
    `import { spawn } from 'node:child_process';
     import { writeFileSync } from 'node:fs';
     writeFileSync(${JSON.stringify(childFile)}, String(spawn('sleep', ['1000']).pid));
     process.on('SIGTERM', () => {});`,
  );
  await service.start();
  const running = [await pid(), Number(readFileSync(childFile, 'utf8'))];
  await service.stop({ graceMs: 50 });
  await until(() => !running.some(isRunning));
});

test('killed, it is started again and says so', async () => {
  const { service, pid } = await createService();
  await service.start();
  const first = await pid();
  process.kill(first, 'SIGKILL');
  await until(() => said.includes('thing is back'));
  expect(said[0]).toMatch(/thing ended unexpectedly \(SIGKILL\); starting it again in 0.5 s/);
  expect(await pid()).not.toBe(first);
});

test('one that ends while starting fails the start with the end of its log', async () => {
  const { service } = await createService(`console.error('PORT: is not set'); process.exit(1);`);
  await expect(service.start()).rejects.toThrow(/thing ended while starting[\s\S]*PORT: is not set/);
});

test('a restart on purpose is no failure', async () => {
  const { service, pid } = await createService();
  await service.start();
  const first = await pid();
  await service.restart();
  expect(await pid()).not.toBe(first);
  expect(said).toEqual([]);
});

test('a stop during the start ends it', async () => {
  const { service } = await createService(`await new Promise(() => setInterval(() => {}, 1e6));`);
  const starting = service.start();
  await until(() => readFileSync(join(folder, 'processes.json'), 'utf8').includes('thing'));
  await service.stop({ graceMs: 100 });
  await starting;
});

test('whoever kills the supervisor ends its services', async () => {
  const program = join(folder, 'supervisor.mjs');
  const server = join(folder, 'server.mjs');
  writeFileSync(server, `setInterval(() => {}, 1e6);`);
  writeFileSync(
    program,
    `import { Service } from ${JSON.stringify(join(import.meta.dirname, 'service.mjs'))};
     import { createProcessRecord } from ${JSON.stringify(join(import.meta.dirname, 'leftovers.mjs'))};
     const record = createProcessRecord(${JSON.stringify(folder)});
     await new Service({ name: 'server', args: [${JSON.stringify(server)}], cwd: '/', env: () => process.env,
       logFile: ${JSON.stringify(join(folder, 'server.log'))}, record, say: () => {}, untilReady: async () => {} }).start();
     console.log('started');`,
  );
  const supervisor = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(supervisor.stdout, 'data');
  const [{ pid }] = JSON.parse(readFileSync(join(folder, 'processes.json'), 'utf8'));
  expect(isRunning(pid)).toBe(true);
  supervisor.kill('SIGKILL');
  await until(() => !isRunning(pid));
});

test('leftovers are ended, but not a stranger who got the same pid', async () => {
  const left = spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' });
  const stranger = spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' });
  await Promise.all([once(left, 'spawn'), once(stranger, 'spawn')]);
  createProcessRecord(folder).add('left', left.pid);
  const recorded = JSON.parse(readFileSync(join(folder, 'processes.json'), 'utf8'));
  recorded.push({ name: 'stranger', pid: stranger.pid, born: 'long ago' });
  writeFileSync(join(folder, 'processes.json'), JSON.stringify(recorded));

  await endLeftovers(folder, (line) => said.push(line));
  expect(isRunning(left.pid)).toBe(false);
  expect(isRunning(stranger.pid)).toBe(true);
  expect(said[0]).toContain(`left (process ${left.pid})`);
  stranger.kill('SIGKILL');
});

test('a program run to its end gets its input; failing, it shows its log; aborted, it ends', async () => {
  const script = (body) => ({
    name: 'job',
    args: ['--input-type=module', '-e', body],
    cwd: folder,
    env: () => process.env,
    logFile: join(folder, 'job.log'),
    say: (line) => said.push(line),
    signal: new AbortController().signal,
  });
  await runToEnd({
    ...script(`for await (const chunk of process.stdin) console.log('got ' + chunk);`),
    input: 'people',
  });
  expect(readFileSync(join(folder, 'job.log'), 'utf8')).toContain('got people');
  await expect(runToEnd(script(`console.error('no such table'); process.exit(3);`))).rejects.toThrow(
    /job failed \(exit code 3\)[\s\S]*no such table/,
  );
  const abort = new AbortController();
  const running = runToEnd({ ...script(`setInterval(() => {}, 1e6)`), signal: abort.signal });
  abort.abort();
  await expect(running).rejects.toThrow('aborted');
});
