// A value is hashed by Postgres' own "extended" hashes. Hash-partitioned tables rely on them, so they are the same in every version
// and must stay so. Two of their habits do not suit a proof: what is equal to Postgres (0 and -0, 1.0 and 1.00) hashes equally, and what
// has 64 bits (bigint, timestamps) is folded to 32 before it is hashed. Whatever is equal here is equal to the byte.

/**
 * SQL of a hash of 64 bits over a value and `seed`, SQL itself that stands in it once (of floats, whose seed is a number, twice); every bit
 * of both counts. Null where the value is.
 */
type ValueHash = (value: string, seed: string) => string;

const asText: ValueHash = (value, seed) => `hashtextextended(${value}::text collate "C", ${seed})`;
const number: ValueHash = (value, seed) => `hashint4extended(${value}::integer, ${seed})`;
/** Of 0 the hash is the seed; text tells it from -0. There are many NaNs, and a copy as text makes them one, as the hash does. */
const float =
  (name: string): ValueHash =>
  (value, seed) =>
    `${name}(${value}, case when ${value} = 0 then ${asText(value, seed)} else ${seed} end)`;

const BY_TYPE: readonly (readonly [RegExp, ValueHash])[] = [
  // What folding loses of the value is in its seed.
  [/^bigint$/u, (value, seed) => `hashint8extended(${value}, ${value} # ${seed})`],
  [/^(?:integer|smallint|boolean)$/u, number],
  // Collations of one's own may take texts for equal that are not.
  [/^(?:text|character varying(?:\(\d+\))?)$/u, asText],
  [/^uuid$/u, (value, seed) => `uuid_hash_extended(${value}, ${seed})`],
  [/^double precision$/u, float('hashfloat8extended')],
  [/^real$/u, float('hashfloat4extended')],
];

/** Types of which a value may add nothing of its own to the seed but an exclusive or. */
export function isFloat(type: string): boolean {
  return /^(?:double precision|real)$/u.test(type);
}

/** How values of a type are hashed; by their text where nothing better is known. */
export function valueHash(type: string): ValueHash {
  return BY_TYPE.find(([pattern]) => pattern.test(type))?.[1] ?? asText;
}

const BYTES: readonly (readonly [RegExp, (value: string) => string])[] = [
  [/^timestamp(?:\(\d\))? with time zone$/u, (value) => `timestamptz_send(${value})`],
  [/^timestamp(?:\(\d\))? without time zone$/u, (value) => `timestamp_send(${value})`],
  // As it was written; sent, it is copied once, as text three times.
  [/^json$/u, (value) => `json_send(${value})`],
  [/^(?:date|bytea)$/u, (value) => value],
];

/** SQL of a value, also of none, that a record's hash takes every byte of; undefined for types that have a hash of their own. */
export function bytesOf(type: string): ((value: string) => string) | undefined {
  return BYTES.find(([pattern]) => pattern.test(type))?.[1];
}
