import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { DATABASES } from '../ends/open-ends.js';
import { type Check, type CheckContext, fail, ok, Skip, warn } from './check.js';

const run = promisify(execFile);
const NODE_MAJOR = 24;

async function versionOf(program: string, signal: AbortSignal): Promise<string | null> {
  try {
    const { stdout } = await run(program, ['--version'], { signal, timeout: 10_000 });
    return /\d+(?:\.\d+)*/u.exec(stdout)?.[0] ?? null;
  } catch {
    return null;
  }
}

async function serverMajors({ parts }: CheckContext): Promise<readonly number[]> {
  const majors = await Promise.all(
    DATABASES.map(async (name) => {
      try {
        const rows = await parts.rows(name);
        const [row] = await rows<{ major: number }>(
          `select current_setting('server_version_num')::int / 10000 as major`,
        );
        return row?.major ?? 0;
      } catch (error) {
        if (error instanceof Skip) return 0;
        throw error;
      }
    }),
  );
  return majors.filter((major) => major > 0);
}

/** Whether this machine has what yard works with. */
export const PROGRAM_CHECKS: readonly Check[] = [
  {
    id: 'program.node',
    title: 'Node.js',
    why: 'Labelyard is built for it.',
    run() {
      const { node } = process.versions;
      return Number.parseInt(node, 10) >= NODE_MAJOR
        ? ok(node)
        : fail(node, `Install Node.js ${NODE_MAJOR}, or start through npm run yard.`);
    },
  },
  {
    id: 'program.pnpm',
    title: 'pnpm',
    why: 'Railway installs and builds with it; here only developers need it.',
    async run({ signal }) {
      const version = await versionOf('pnpm', signal);
      if (version === null) throw new Skip('It is not on PATH; npm start and npm run yard bring their own.');
      return ok(version);
    },
  },
  {
    id: 'program.pg_dump',
    title: 'Postgres’s own tools',
    why: 'A dump in Postgres’s format is made by a pg_dump as new as the server. yard db copy needs none.',
    async run(context) {
      const [dump, majors] = await Promise.all([versionOf('pg_dump', context.signal), serverMajors(context)]);
      const newest = Math.max(0, ...majors);
      if (dump === null) throw new Skip('pg_dump is not on PATH; yard copies databases by itself.');
      if (newest > Number.parseInt(dump, 10))
        return warn(
          `pg_dump ${dump} cannot read a server of version ${newest}`,
          `Install the client of Postgres ${newest} if you want dumps in its format.`,
        );
      return ok(`pg_dump ${dump}${newest > 0 ? `, servers up to ${newest}` : ''}`);
    },
  },
];
