import { parse, TomlError } from 'smol-toml';
import { z } from 'zod';
import { didYouMean } from '../cli/did-you-mean.js';

/** Something in a railway.toml that Railway does not do, or that does harm. */
export interface RailwayConfigFinding {
  /** `deploy.healthcheckPath`. */
  readonly at: string;
  readonly says: string;
}

const text = z.string().nullable();
const seconds = z.union([z.int().min(0), z.string().regex(/^\d+$/u)]).nullable();
const texts = z.array(z.string());

/** Every key Railway reads, with what it may hold. */
const SECTIONS: Readonly<Record<'build' | 'deploy', Readonly<Record<string, z.ZodType>>>> = {
  build: {
    builder: z.enum(['RAILPACK', 'DOCKERFILE']),
    buildCommand: text,
    dockerfilePath: text,
    watchPatterns: texts,
    railpackVersion: text,
  },
  deploy: {
    startCommand: text,
    preDeployCommand: z.union([z.string(), texts]),
    healthcheckPath: text,
    healthcheckTimeout: z.int().min(1).nullable(),
    restartPolicyType: z.enum(['ON_FAILURE', 'ALWAYS', 'NEVER']),
    restartPolicyMaxRetries: z.int().min(0),
    numReplicas: z.int().min(1),
    multiRegionConfig: z.record(z.string(), z.strictObject({ numReplicas: z.int().min(1) })),
    region: text,
    overlapSeconds: seconds,
    drainingSeconds: seconds,
    cronSchedule: text,
    sleepApplication: z.boolean(),
    ipv6EgressEnabled: z.boolean(),
    requiredMountPath: text,
    limitOverride: z.record(z.string(), z.unknown()),
    registryCredentials: z.record(z.string(), z.unknown()),
    runtime: text,
    useLegacyStacker: z.boolean(),
  },
};

/** Tables people expect there, and what to write instead. */
const MISTAKEN_TABLES: Readonly<Record<string, string>> = {
  healthcheck:
    'is ignored, so the service goes live without being asked whether it is well. Did you mean healthcheckPath and healthcheckTimeout in [deploy]? An interval does not exist: Railway asks while it deploys, never afterwards',
  env: 'is ignored. Variables are set in the dashboard: yard env render --target railway; NODE_ENV=production is set by Railway itself',
  variables: 'is ignored. Variables are set in the dashboard: yard env render --target railway',
  services: 'is ignored: the file is about one service',
};

/** What is wrong with a railway.toml, in its order. */
export function railwayConfigFindings(toml: string): readonly RailwayConfigFinding[] {
  let read: Record<string, unknown>;
  try {
    read = parse(toml);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    return [{ at: `line ${error.line}`, says: error.message.split('\n')[0] ?? 'is no TOML' }];
  }
  return Object.entries(read).flatMap(([name, value]) => {
    if (name === '$schema') return [];
    if (name === 'build' || name === 'deploy') return sectionFindings(name, name, value);
    if (name === 'environments') return environmentSections(value);
    const known = ['build', 'deploy', 'environments'];
    return [{ at: `[${name}]`, says: MISTAKEN_TABLES[name] ?? `is nothing Railway reads.${didYouMean(name, known)}` }];
  });
}

function environmentSections(value: unknown): readonly RailwayConfigFinding[] {
  return Object.entries((value ?? {}) as Record<string, Record<string, unknown>>).flatMap(([environment, sections]) =>
    Object.entries(sections).flatMap(([name, section]) =>
      name === 'build' || name === 'deploy'
        ? sectionFindings(name, `environments.${environment}.${name}`, section)
        : [{ at: `[environments.${environment}.${name}]`, says: 'is nothing Railway reads: only build and deploy' }],
    ),
  );
}

function sectionFindings(section: 'build' | 'deploy', path: string, value: unknown): readonly RailwayConfigFinding[] {
  return Object.entries((value ?? {}) as Record<string, unknown>).flatMap(([key, held]) => {
    const at = `${path}.${key}`;
    const schema = SECTIONS[section][key];
    if (!schema) return [{ at, says: `is nothing Railway reads.${didYouMean(key, Object.keys(SECTIONS[section]))}` }];
    const harm = harmOf(key, held);
    if (harm !== undefined) return [{ at, says: harm }];
    const checked = schema.safeParse(held);
    return checked.success
      ? []
      : [{ at, says: `cannot be ${JSON.stringify(held)}: ${z.prettifyError(checked.error).replaceAll(/\s+/gu, ' ')}` }];
  });
}

/** What Railway takes and one does not want. */
function harmOf(key: string, value: unknown): string | undefined {
  if (key === 'builder' && value === 'NIXPACKS') return 'NIXPACKS is retired: use RAILPACK';
  if (typeof value !== 'string') return undefined;
  if (key === 'startCommand' && /^(?:npm|pnpm|yarn|bun)\b/u.test(value))
    return `starts a package manager, which swallows SIGTERM: requests are cut at every deploy. Start node itself`;
  if (key === 'buildCommand' && /\b(?:npm (?:install|ci|i)|pnpm install|yarn install|pip install)\b/u.test(value))
    return 'installs again: Railway has installed already, in a layer it keeps';
  return undefined;
}
