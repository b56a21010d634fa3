// Writes the committed page of roles and rights (`pnpm -C tooling/dev guide`). A test fails when it is not what the table says.
import { writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { GUIDE_FILE, permissionsGuide } from './permissions-guide.mjs';

writeFileSync(
  GUIDE_FILE,
  await format(permissionsGuide(), { ...(await resolveConfig(GUIDE_FILE)), parser: 'markdown' }),
);
