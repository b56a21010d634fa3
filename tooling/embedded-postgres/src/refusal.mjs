// Turns the server's own words (its log) into what a person can act on.
import { ClusterError } from './cluster-error.mjs';
import { damaged } from './data-folder.mjs';

/**
 * @typedef {object} RefusalContext
 * @property {string} dataDir
 * @property {string} log what the server wrote during this start
 * @property {string} logFile
 *
 * @typedef {'locked' | 'lingering' | ClusterError} Refusal 'locked' and 'lingering' may pass: the caller looks closer
 */

/** @type {{ when: RegExp, say: (context: RefusalContext, words: string) => Refusal }[]} first match wins */
const REFUSALS = [
  { when: /lock file "postmaster\.pid" (already exists|is empty)/, say: () => 'locked' },
  { when: /pre-existing shared memory block/, say: () => 'lingering' },
  {
    when: /shared memory.*(No space left|Cannot allocate)|could not (create|resize) shared memory/,
    say: ({ logFile }, words) =>
      new ClusterError(
        'start_failed',
        `Postgres got no shared memory: ${words}. Give the machine or container more (see ${logFile}).`,
      ),
  },
  {
    when: /No space left on device|Disk quota exceeded/,
    say: ({ dataDir }, words) =>
      new ClusterError(
        'disk_full',
        `The disk that holds ${dataDir} is full: ${words}. Free some space and start again; nothing was lost.`,
      ),
  },
  {
    when: /could not bind IPv4 address.*(Address already in use|Permission denied)/,
    say: (_context, words) => new ClusterError('port_taken', `Postgres could not take its port: ${words}`),
  },
  {
    when: /has wrong ownership|has invalid permissions|Permission denied|Operation not permitted/,
    say: ({ dataDir }, words) =>
      new ClusterError(
        'permission',
        `Postgres may not use ${dataDir}: ${words}. The folder and everything in it must belong to the user who starts it.`,
      ),
  },
  {
    when: /database files are incompatible|was initialized by PostgreSQL version|different endianness/,
    say: ({ dataDir }, words) =>
      new ClusterError(
        'wrong_version',
        `${dataDir} was written by another build of Postgres: ${words}. Nothing was changed.`,
      ),
  },
  {
    when: /valid checkpoint|control file|could not find the database system|could not (open|read|access|locate)|invalid (data|page|magic|record|checksum)|unrecognized configuration|syntax error in file|configuration file .* contains errors|PANIC/,
    say: ({ dataDir }, words) => damaged(dataDir, words),
  },
];

/**
 * @param {RefusalContext} context
 * @returns {Refusal}
 */
export function explainRefusal(context) {
  const words = lastWords(context.log);
  for (const { when, say } of REFUSALS) {
    if (when.test(context.log)) return say(context, words);
  }
  return new ClusterError(
    'start_failed',
    `Postgres did not start on ${context.dataDir}: ${words || 'it said nothing'}. Its log: ${context.logFile}`,
  );
}

/**
 * The server's decisive lines, without time and pid.
 *
 * @param {string} log
 */
export function lastWords(log) {
  const lines = log
    .split('\n')
    .filter((line) => /\b(FATAL|PANIC|ERROR|initdb: error):/.test(line) || /No space left/.test(line));
  return lines
    .slice(-2)
    .map((line) => line.replace(/^.*?\b(FATAL|PANIC|ERROR|error):\s*/, '').trim())
    .join('; ');
}
