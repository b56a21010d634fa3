import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { EnvFileError, type EnvSource, parseEnvFile } from '@labelyard/config';
import { z } from 'zod';
import { didYouMean } from '../cli/did-you-mean.js';
import { YardError } from '../cli/yard-error.js';
import type { Profile, YardConfig } from './profile.js';

export const CONFIG_FILE = 'yard.config.ts';

/** What `npm start` keeps: the environment its API runs with. Known without a configuration. */
const builtIn = ({ LABELYARD_DATA_DIR }: EnvSource): YardConfig['profiles'] => ({
  local: {
    says: 'the installation that npm start runs',
    env_file: join(LABELYARD_DATA_DIR?.trim() || '.labelyard', 'local.env'),
  },
});

const HOW_TO_MAKE = (name: string, file: string) =>
  name === 'local'
    ? 'Start Labelyard once with npm start: it writes the file.'
    : `Make it with: yard env render --env ${name} --show-secrets --out ${file}`;

const profile = z.strictObject({
  says: z.string().optional(),
  env_file: z.string().optional(),
  env: z.record(z.string(), z.string()).optional(),
  env_prefix: z
    .string()
    .regex(/^[A-Z][A-Z\d_]*_$/u, 'must be capital letters and end with _')
    .optional(),
  urls: z.strictObject({ web: z.url().optional(), api: z.url().optional() }).optional(),
  restart: z.array(z.string()).min(1).optional(),
});
const config = z.strictObject({ profiles: z.record(z.string(), profile), active_env_file: z.string().optional() });

export interface ProfileOptions {
  readonly draft?: boolean;
}

export interface Profiles {
  /** Folder that relative paths in the configuration begin at; `.yard/` lies in it. */
  readonly root: string;
  readonly config: YardConfig;
  readonly names: readonly string[];
  /**
   * @param options.draft the env file may be missing still: what is known without it is answered
   * @throws YardError bad_input for a name nobody defined, or a file that cannot be read
   */
  get(name: string, options?: ProfileOptions): Profile;
}

/**
 * Reads yard.config.ts from `cwd` or the nearest folder above that has one.
 *
 * @param given path of another file to use
 * @throws YardError bad_input
 */
export async function loadProfiles(cwd: string, environment: EnvSource, given?: string): Promise<Profiles> {
  const file = given === undefined ? nearestConfig(cwd) : resolve(cwd, given);
  const read = file === null ? { profiles: {} } : await readConfig(file);
  const root = file === null ? workspaceRoot(cwd) : dirname(file);
  const profiles = { ...builtIn(environment), ...read.profiles };
  return {
    root,
    config: { ...read, profiles },
    names: Object.keys(profiles),
    get(name, { draft = false } = {}) {
      const found = Object.hasOwn(profiles, name) ? profiles[name] : undefined;
      if (!found)
        throw new YardError(
          'bad_input',
          file === null
            ? `There is no environment "${name}": there is no ${CONFIG_FILE} yet to name it.`
            : `There is no environment "${name}" in ${file}.`,
          `Use one of ${Object.keys(profiles).join(', ')}, or add it: yard help profiles.${didYouMean(name, Object.keys(profiles))}`,
        );
      const fromFile =
        found.env_file === undefined ? {} : valuesOf(resolve(root, found.env_file), found.env_file, name, draft);
      return {
        name,
        config: found,
        env: { ...fromFile, ...prefixed(environment, found.env_prefix), ...found.env },
        origin: found.env_file ?? (found.env_prefix === undefined ? CONFIG_FILE : `${found.env_prefix}…`),
      };
    },
  };
}

function nearestConfig(cwd: string): string | null {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const file = join(folder, CONFIG_FILE);
    if (existsSync(file)) return file;
    if (folder === dirname(folder)) return null;
  }
}

/** Where `npm start` keeps its data: the folder of the workspace. */
function workspaceRoot(cwd: string): string {
  for (let folder = resolve(cwd); folder !== dirname(folder); folder = dirname(folder))
    if (existsSync(join(folder, 'pnpm-workspace.yaml'))) return folder;
  return resolve(cwd);
}

async function readConfig(file: string): Promise<YardConfig> {
  const refuse = (why: string, cause?: unknown) =>
    new YardError('bad_input', `${file} ${why}`, 'Correct it; yard help profiles shows how it is written.', { cause });
  if (!existsSync(file)) throw refuse('does not exist.');
  let module: { default?: unknown };
  try {
    module = (await import(pathToFileURL(file).href)) as { default?: unknown };
  } catch (error) {
    throw refuse(`cannot be loaded: ${(error as Error).message}`, error);
  }
  const checked = config.safeParse(module.default);
  if (!checked.success) throw refuse(`is not usable:\n${z.prettifyError(checked.error)}`);
  return checked.data;
}

function valuesOf(path: string, shown: string, name: string, optional: boolean): EnvSource {
  if (optional && !existsSync(path)) return {};
  try {
    return parseEnvFile(readFileSync(path, 'utf8'));
  } catch (error) {
    const unread = !(error instanceof EnvFileError);
    const why = unread
      ? `cannot be read (${(error as NodeJS.ErrnoException).code ?? (error as Error).message})`
      : `cannot be understood (${error.message})`;
    throw new YardError(
      'bad_input',
      `The environment "${name}" takes its values from ${path}, which ${why}.`,
      unread ? HOW_TO_MAKE(name, shown) : 'Correct these lines; a value with line ends stands in quotes.',
      { cause: error },
    );
  }
}

function prefixed(environment: EnvSource, prefix: string | undefined): EnvSource {
  if (prefix === undefined) return {};
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [],
    ),
  );
}
