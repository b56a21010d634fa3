import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Check, fail, ok, Skip } from './check.js';
import { railwayConfigFindings } from './railway-config.js';

/** Whether Railway would read what the services’ files say. */
export const RAILWAY_CONFIG_CHECKS: readonly Check[] = [
  {
    id: 'railway.config',
    title: 'railway.toml',
    why: 'Railway ignores what it does not know, in silence. From 2026-12-01 it reads these files no more, for new services not even now.',
    run({ root }) {
      const files = existsSync(join(root, 'apps')) ? globSync('apps/*/railway.toml', { cwd: root }).sort() : [];
      if (files.length === 0) throw new Skip('There is none beside yard.config.ts (apps/*/railway.toml).');
      const found = files.flatMap((file) =>
        railwayConfigFindings(readFileSync(join(root, file), 'utf8')).map(({ at, says }) => `${file} ${at} ${says}`),
      );
      return found.length === 0
        ? ok(`${files.join(', ')}: only what Railway reads`)
        : fail(found.join('; '), 'Correct these files; docs/guide/yard-doctor.md shows the valid keys.');
    },
  },
];
