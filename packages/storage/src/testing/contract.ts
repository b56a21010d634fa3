/// <reference types="jest" />
import { randomUUID } from 'node:crypto';
import type { StorageDriver } from '../driver.js';
import type { S3StorageOptions } from '../storage.js';
import { failureChecks } from './failure-checks.js';
import { listChecks } from './list-checks.js';
import { objectChecks } from './object-checks.js';
import { uploadChecks } from './upload-checks.js';
import { urlChecks } from './url-checks.js';

/** How to reach an S3 server for tests. */
export type S3TestServer = Required<
  Pick<S3StorageOptions, 'endpoint' | 'access_key' | 'secret_key' | 'region' | 'buckets'>
>;

/** What servers are known to do differently. Our own code must not depend on any of it. */
export type ServerTrait =
  /** Obeys `response-content-disposition` and `response-content-type` of signed URLs. */
  | 'response_headers'
  /** Refuses parts of unequal size, as R2 does. */
  | 'equal_parts'
  /** Says so when an upload to be completed is gone (Ceph 16 answers 500, which we cannot tell from a failure). */
  | 'unknown_upload'
  /** Keeps objects of any key up to 1,024 bytes: MinIO wants at most 255 between two `/`. */
  | 'long_names'
  /** Lists what lies below another object's key: MinIO keeps it and lists it not. */
  | 'nested_keys'
  /** Keeps NFC and NFD spellings of a key apart (R2 does not). */
  | 'unicode_forms';

export interface ContractTarget {
  driver: StorageDriver;
  /** A driver for the same bucket whose clock is three hours slow: what it signs for minutes has expired. */
  slow_clock: StorageDriver;
  close: () => Promise<void>;
}

/** What every check works with. Driver and keys exist once the tests run, not while they are declared. */
export interface ContractContext {
  driver: () => StorageDriver;
  slow_clock: () => StorageDriver;
  /** A key of this run. */
  key: (name: string) => string;
  /** Runs a check that this server may fail; then says so in the output, never silently. */
  optional: (trait: ServerTrait, check: () => Promise<void>) => Promise<void>;
}

/**
 * The one definition of how a storage driver behaves, run by Jest against every driver. All keys are below a prefix of
 * the run and are deleted at its end.
 *
 * @param may_lack traits the server may lack; a lack is printed
 */
export function storageContract(
  name: string,
  factory: () => Promise<ContractTarget>,
  { may_lack = [] }: { may_lack?: readonly ServerTrait[] } = {},
): void {
  describe(`storage contract: ${name}`, () => {
    const prefix = `contract-${randomUUID()}/`;
    let target: ContractTarget;

    beforeAll(async () => {
      target = await factory();
    }, 90_000);

    afterAll(async () => {
      const keys: string[] = [];
      for await (const { key } of target.driver.list(prefix)) keys.push(key);
      await target.driver.deleteMany(keys);
      await target.close();
    });

    const context: ContractContext = {
      driver: () => target.driver,
      slow_clock: () => target.slow_clock,
      key: (suffix) => prefix + suffix,
      async optional(trait, check) {
        try {
          await check();
        } catch (error) {
          if (!may_lack.includes(trait)) throw error;
          process.stderr.write(
            `storage contract: ${name} lacks ${trait}: ${(error as Error).message.split('\n')[0]}\n`,
          );
        }
      },
    };
    objectChecks(context);
    listChecks(context);
    urlChecks(context);
    uploadChecks(context);
    failureChecks(context);
  });
}
