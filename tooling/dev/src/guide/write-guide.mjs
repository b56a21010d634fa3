// Writes the committed pages that tables say (`pnpm -C tooling/dev guide`). Tests fail when they are not what the tables say.
import { writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { ENVIRONMENT_GUIDE_FILE, environmentGuide } from './environment-guide.mjs';
import { GUIDE_FILE, permissionsGuide } from './permissions-guide.mjs';

const PAGES = { [GUIDE_FILE]: permissionsGuide, [ENVIRONMENT_GUIDE_FILE]: environmentGuide };

for (const [file, page] of Object.entries(PAGES))
  writeFileSync(file, await format(page(), { ...(await resolveConfig(file)), parser: 'markdown' }));
