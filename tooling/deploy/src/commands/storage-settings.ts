import type { S3Client } from '@aws-sdk/client-s3';
import { defineEnv, exportsEnv, httpEnv } from '@labelyard/config';
import type { S3StorageOptions } from '@labelyard/storage';
import { type Command, type CommandContext, ENV } from '../cli/command.js';
import { EXIT, type ExitCode } from '../cli/exit-code.js';
import { textOption } from '../cli/option-values.js';
import { YardError } from '../cli/yard-error.js';
import { type BucketName, storageOf } from '../ends/open-ends.js';
import { bucketClient, s3Of } from '../storage/bucket-settings/bucket-client.js';
import {
  normalisedCors,
  preflight,
  type Preflight,
  readCors,
  wantedCors,
  writeCors,
} from '../storage/bucket-settings/cors.js';
import {
  clearedOtherwise,
  dangerousRules,
  mergedLifecycle,
  normalisedLifecycle,
  readLifecycle,
  wantedLifecycle,
  writeLifecycle,
} from '../storage/bucket-settings/lifecycle.js';
import { BUCKET, bucketNames } from './storage-options.js';

const VERBS = ['plan', 'apply', 'verify'] as const;
type Verb = (typeof VERBS)[number];
/** An origin nobody has. */
const STRANGER = 'https://stranger.invalid';

interface Setting {
  readonly name: string;
  readonly says: string;
  readonly details: string;
  /** What there is to say as lines; `pending` while something is to be done. */
  work(
    at: Place,
    verb: Verb,
  ): Promise<{ readonly lines: readonly string[]; readonly pending: boolean; readonly data: unknown }>;
}

interface Place {
  readonly context: CommandContext;
  readonly client: S3Client;
  readonly options: S3StorageOptions;
  readonly bucket: string;
  readonly name: BucketName;
}

const SETTINGS: readonly Setting[] = [
  {
    name: 'cors',
    says: 'which web pages may upload to a bucket, from CORS_ORIGINS',
    details:
      'The rule lets exactly the origins of CORS_ORIGINS GET, HEAD and PUT, and lets them read ETag. verify asks the server as a browser ' +
      'would, for each origin and for one that must be denied.',
    async work({ context, client, options, bucket }, verb) {
      const { cors_origins } = defineEnv({ http: httpEnv }, context.profile(textOption(context, 'env')).env).http;
      const wanted = wantedCors(cors_origins);
      const there = await readCors(client, bucket);
      const pending = normalisedCors(there) !== normalisedCors(wanted);
      if (pending && verb === 'apply') await writeCors(client, bucket, wanted);
      if (verb !== 'verify') return { ...change(bucket, there, wanted, pending, verb), data: { there, wanted } };
      const asked: Preflight[] = [];
      const url = `${options.endpoint.replace(/\/+$/u, '')}/${bucket}/.labelyard/probe`;
      for (const origin of cors_origins) asked.push(await preflight(url, origin, 'allowed'));
      asked.push(await preflight(url, STRANGER, 'denied'));
      return {
        pending: pending || asked.some(({ ok }) => !ok),
        lines: [
          ...(pending ? [`${bucket}: the rules are other ones`] : []),
          ...asked.map(
            ({ ok, origin, expected, says }) => `${bucket}: ${ok ? '✓' : '✗'} ${origin} ${expected}: ${says}`,
          ),
        ],
        data: asked,
      };
    },
  },
  {
    name: 'lifecycle',
    says: 'what a bucket clears away by itself',
    details:
      'Uploads in parts that were given up (7 days), and what was put under quarantine/ (30 days). Rules of others stay; one that would ' +
      'delete what the databases speak of is told. Exports and backups have no rule: the API’s workers and yard db backup clear them, ' +
      'which know what is still needed.',
    async work({ context, client, bucket, name }, verb) {
      const { exports } = defineEnv({ exports: exportsEnv }, context.profile(textOption(context, 'env')).env);
      const there = await readLifecycle(client, bucket);
      const wanted = wantedLifecycle();
      const pending = normalisedLifecycle(there) !== normalisedLifecycle(wanted);
      if (pending && verb === 'apply') await writeLifecycle(client, bucket, mergedLifecycle(there));
      const changed = change(bucket, there, wanted, pending, verb);
      const dangers = dangerousRules(there);
      const otherwise = clearedOtherwise(name, exports);
      return {
        pending: changed.pending || dangers.length > 0,
        lines: [
          ...changed.lines,
          ...otherwise.map((line) => `${bucket}: ${line}`),
          ...dangers.map((line) => `${bucket}: ✗ ${line}`),
        ],
        data: { there, wanted, otherwise, dangers },
      };
    },
  },
];

function change(bucket: string, there: unknown, wanted: unknown, pending: boolean, verb: Verb) {
  if (!pending) return { pending, lines: [`${bucket}: as it should be`] };
  if (verb === 'apply') return { pending: false, lines: [`${bucket}: set`] };
  return {
    pending,
    lines: [`${bucket}: is ${JSON.stringify(there)}`, `${bucket}: should be ${JSON.stringify(wanted)}`],
  };
}

/** `yard storage cors|lifecycle plan|apply|verify` */
export const STORAGE_SETTINGS_COMMANDS: readonly Command[] = SETTINGS.flatMap((setting) =>
  VERBS.map((verb) => ({
    path: `storage ${setting.name} ${verb}`,
    says: `${verb} ${setting.says}`,
    details: `${setting.details} Needs a token that may administer buckets. Exit code 2 when something is to be done.`,
    options: [...ENV, BUCKET],
    examples: [{ line: `yard storage ${setting.name} ${verb} --env railway`, says: 'Both buckets:' }],
    exclusive: verb === 'apply',
    run: (context: CommandContext) => runSetting(setting, verb, context),
  })),
);

async function runSetting(setting: Setting, verb: Verb, context: CommandContext): Promise<ExitCode> {
  const options = s3Of(storageOf(context.profile(textOption(context, 'env'))), setting.name);
  const client = await bucketClient(options);
  const data: Record<string, unknown> = {};
  const text: string[] = [];
  let pending = false;
  try {
    for (const name of bucketNames(context)) {
      const found = await setting
        .work({ context, client, options, bucket: options.buckets[name], name }, verb)
        .catch((error: unknown) => {
          if (!(error instanceof TypeError)) throw error;
          throw new YardError(
            'unavailable',
            `${options.endpoint} does not answer.`,
            'See what is wrong with it: yard doctor.',
            { cause: error },
          );
        });
      data[name] = found.data;
      text.push(...found.lines);
      pending ||= found.pending;
    }
  } finally {
    client.destroy();
  }
  context.out.answer(data, text);
  return pending ? EXIT.differences : EXIT.ok;
}
