import type { EnvSource } from '@labelyard/config';

/** What an installation consists of, as far as it can move. */
export const PARTS = ['user_db', 'labeler_db', 'images', 'exports'] as const;
export type Part = (typeof PARTS)[number];

interface PartFacts {
  /** Phase of the deployment guide that moves it. */
  readonly phase: 1 | 2 | 3 | 4;
  readonly says: string;
  /** Beginnings of the variables that say where it is. */
  readonly variables: RegExp;
}

const STORAGE_VARIABLES = /^(?:STORAGE_|S3_|R2_|DISK_)/u;

export const PART_FACTS: Readonly<Record<Part, PartFacts>> = {
  user_db: { phase: 1, says: "people's database", variables: /^USER_DB_/u },
  labeler_db: { phase: 2, says: 'Labeler database', variables: /^(?:LABELER_DB_|DATABASE_URL$)/u },
  images: { phase: 3, says: 'images and thumbnails', variables: STORAGE_VARIABLES },
  exports: { phase: 4, says: 'exports and versions', variables: STORAGE_VARIABLES },
};

export const DATABASE_OF_PART = { user_db: 'user', labeler_db: 'labeler' } as const;
export const BUCKET_OF_PART = { images: 'datasets', exports: 'annotations' } as const;
export type DatabasePart = keyof typeof DATABASE_OF_PART;
export type BucketPart = keyof typeof BUCKET_OF_PART;

export function isDatabasePart(part: Part): part is DatabasePart {
  return part in DATABASE_OF_PART;
}

export function isBucketPart(part: Part): part is BucketPart {
  return part in BUCKET_OF_PART;
}

/**
 * The environment an installation runs with after `parts` have moved: the variables of a part that moved come from `to`, all others stay.
 * TLS that both databases share (`DB_SSL`) is told apart where only one of them has moved.
 */
export function movedEnvironment(from: EnvSource, to: EnvSource, parts: readonly Part[]): EnvSource {
  const moved: Record<string, string | undefined> = { ...from };
  for (const part of parts) {
    const { variables } = PART_FACTS[part];
    for (const name of Object.keys(moved)) if (variables.test(name)) delete moved[name];
    for (const [name, value] of Object.entries(to)) if (variables.test(name)) moved[name] = value;
  }
  const databases = parts.filter(isDatabasePart);
  if (databases.length === Object.keys(DATABASE_OF_PART).length) {
    for (const name of SHARED_TLS) setOrDelete(moved, name, to[name]);
  } else {
    for (const part of databases) {
      const prefix = part === 'user_db' ? 'USER_DB' : 'LABELER_DB';
      for (const name of SHARED_TLS) {
        const own = `${prefix}${name.slice('DB'.length)}`;
        setOrDelete(moved, own, to[own] ?? to[name] ?? (name === 'DB_SSL' ? 'disable' : undefined));
      }
    }
  }
  return moved;
}

const SHARED_TLS = ['DB_SSL', 'DB_SSL_CA', 'DB_SSL_FINGERPRINT'];

function setOrDelete(env: Record<string, string | undefined>, name: string, value: string | undefined): void {
  if (value === undefined) delete env[name];
  else env[name] = value;
}
