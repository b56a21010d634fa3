// Who sits on a TCP port, asked to explain a refused start, and a port nobody sits on.
import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { inspectProcess } from './process-identity.mjs';

/** Above those that programs are known by, below those that systems give out. */
const [FIRST_PORT, LAST_PORT] = [20_000, 32_000];

/**
 * @param {number} port
 * @param {string[]} [hosts] addresses that must all be free
 * @returns {Promise<boolean>} false when somebody listens there (an address family this machine lacks is no obstacle)
 */
export async function isPortFree(port, hosts = ['127.0.0.1', '::']) {
  for (const host of hosts) {
    if (!(await canListen(port, host))) return false;
  }
  return true;
}

/** @param {number} port @param {string} host @returns {Promise<boolean>} */
function canListen(port, host) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (/** @type {NodeJS.ErrnoException} */ error) => resolve(error.code !== 'EADDRINUSE'));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/**
 * A port to listen on in a while. Not one that the system would give out by itself (from 32768 up on Linux, 49152 elsewhere): until the
 * program that is to have it has started, any connection of any other may be given it.
 *
 * @returns {Promise<number>} a port that was free a moment ago
 */
export async function findFreePort() {
  for (;;) {
    const port = randomInt(FIRST_PORT, LAST_PORT);
    if (await isPortFree(port)) return port;
  }
}

/**
 * @param {number} port
 * @returns {{ pid: number, command: string } | undefined} undefined when the system does not tell (another user's process)
 */
export function findPortHolder(port) {
  const pid = process.platform === 'linux' ? (findInProc(port) ?? findWithLsof(port)) : findWithLsof(port);
  if (!pid) return undefined;
  return { pid, command: inspectProcess(pid)?.args?.join(' ').slice(0, 120) ?? '' };
}

/**
 * `process 123 (node server.js)`, or a plain sentence when the system does not tell.
 *
 * @param {number} port
 */
export function describePortHolder(port) {
  const holder = findPortHolder(port);
  if (!holder) return 'another program (its name is not visible to this user)';
  return `process ${holder.pid}${holder.command && ` (${holder.command})`}`;
}

/** @param {number} port */
function findInProc(port) {
  const inodes = new Set(
    ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => {
      try {
        return listeningInodes(readFileSync(table, 'utf8'), port);
      } catch {
        return [];
      }
    }),
  );
  if (inodes.size === 0) return undefined;
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      for (const fd of readdirSync(`/proc/${entry}/fd`)) {
        const target = readlinkSync(`/proc/${entry}/fd/${fd}`);
        if (inodes.has(/^socket:\[(\d+)\]$/.exec(target)?.[1] ?? '')) return Number(entry);
      }
    } catch {
      // Another user's process, or one that ended while we looked.
    }
  }
  return undefined;
}

/**
 * @param {string} table content of /proc/net/tcp or tcp6 (proc(5)): addresses in hexadecimal, state 0A = listening
 * @param {number} port
 */
export function listeningInodes(table, port) {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(wanted) && fields[3] === '0A')
    .map((fields) => fields[9] ?? '');
}

/** @param {number} port */
function findWithLsof(port) {
  const found = spawnSync('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-t'], { encoding: 'utf8' });
  const pid = Number.parseInt(found.stdout ?? '', 10);
  return Number.isNaN(pid) ? undefined : pid;
}
