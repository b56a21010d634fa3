import type { EnvSource } from '@labelyard/config';

/** An environment as yard.config.ts names it. */
export interface ProfileConfig {
  readonly says?: string;
  /** File of NAME=value lines, relative to yard.config.ts. Keep it out of version control. */
  readonly env_file?: string;
  /** Values that are no secrets; they win over the file. */
  readonly env?: Readonly<Record<string, string>>;
  /** Takes every variable with this prefix from yard's own environment, without the prefix; they win over the file. */
  readonly env_prefix?: string;
  /** Addresses under which this environment is reached, once it runs. */
  readonly urls?: { readonly web?: string; readonly api?: string };
  /** Program and arguments that restart the API with this environment (`yard cutover`); none: the operator is asked to. */
  readonly restart?: readonly string[];
}

export interface YardConfig {
  readonly profiles: Readonly<Record<string, ProfileConfig>>;
  /** The file whose variables the running API is started with; a cutover rewrites it. Relative to yard.config.ts. */
  readonly active_env_file?: string;
}

/** Typed and otherwise as it is: for yard.config.ts. */
export function defineYardConfig(config: YardConfig): YardConfig {
  return config;
}

/** An environment ready to use: its variables are known, not yet checked. */
export interface Profile {
  readonly name: string;
  readonly config: ProfileConfig;
  readonly env: EnvSource;
  /** Where the values come from, for messages. */
  readonly origin: string;
}
