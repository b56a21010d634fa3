import { createStorage } from '@labelyard/storage';
import { type Command, type CommandContext, ENV } from '../cli/command.js';
import { EXIT } from '../cli/exit-code.js';
import { choiceOption, optionalText, textOption } from '../cli/option-values.js';
import { YardError } from '../cli/yard-error.js';
import { backupDatabase } from '../database/backup/backup-database.js';
import { BACKUP_KINDS, type BackupManifest, listBackups } from '../database/backup/backup-store.js';
import { TOO_OLD_HOURS } from '../database/backup/retention.js';
import { drillBackup, restoreBackup } from '../database/backup/restore-backup.js';
import { type DatabaseName, storageOf, passingTables } from '../ends/open-ends.js';
import { keepEvidence } from '../report/evidence.js';
import { workReport } from '../cli/work-report.js';
import { DATABASE, databaseEnd, databaseName } from './db-options.js';

/** The bucket that backups lie in, for the time of `work`. */
async function withBucket<T>(
  context: CommandContext,
  work: (bucket: ReturnType<typeof createStorage>['annotations']) => Promise<T>,
): Promise<T> {
  const storage = createStorage(storageOf(context.profile(textOption(context, 'env'))));
  try {
    return await work(storage.annotations);
  } finally {
    storage.close();
  }
}

/** `yard db backup` */
export const dbBackupCommand: Command = {
  path: 'db backup',
  says: 'back a database up into the bucket',
  details:
    'Streams the database as of one moment into the annotations bucket under backups/, with SHA-256, rows of every table and the tool that ' +
    'wrote it: pg_dump where it fits the server, else an archive of its own. "critical" keeps annotations, projects, images and members ' +
    'with what they depend on. Afterwards all of the last two days and 7 daily, 4 weekly and 6 monthly backups of the same kind are kept, ' +
    'older ones deleted.',
  options: [...ENV, DATABASE, { flags: '--kind <kind>', says: BACKUP_KINDS.join(' or '), fallback: 'full' }],
  examples: [{ line: 'yard db backup --env railway', says: 'Every night, as a cron service:' }],
  next: 'yard db drill --env … proves that it can be restored.',
  exclusive: true,
  async run(context) {
    const name = databaseName(context);
    using report = workReport(context.out, 'backing up');
    const { made, dropped } = await withBucket(context, (bucket) =>
      backupDatabase({
        database: databaseEnd(context, 'env'),
        name,
        kind: choiceOption(context, 'kind', BACKUP_KINDS),
        bucket,
        passing: passingTables(name),
        report,
        signal: context.signal,
      }),
    );
    report[Symbol.dispose]();
    const says = `${made.id}: ${rowsOf(made).toLocaleString('en')} rows, ${megabytes(made)}, by ${made.tool}`;
    keepEvidence(context.state, { kind: 'backup', about: [textOption(context, 'env')], ok: true, says, data: made });
    context.out.answer({ ...made, dropped }, [says, `sha256 ${made.sha256}`, ...dropped.map((id) => `deleted ${id}`)]);
    return EXIT.ok;
  },
};

/** `yard db backups` */
export const dbBackupsCommand: Command = {
  path: 'db backups',
  says: 'list backups with their age',
  details: `Lists what lies under backups/ in the annotations bucket, the newest first. Answers 1 when the newest is older than ${TOO_OLD_HOURS} hours.`,
  options: [...ENV, DATABASE],
  examples: [{ line: 'yard db backups --env railway', says: 'Is there one of last night?' }],
  async run(context) {
    const name = databaseName(context);
    const found = await withBucket(context, (bucket) => listBackups(bucket, context.signal));
    const backups = found
      .filter(({ database }) => database === name)
      .map((backup) => ({ ...backup, age_hours: (Date.now() - Date.parse(backup.made_at)) / 3_600_000 }));
    context.out.answer(
      backups,
      backups.length === 0
        ? [`There is no backup of the ${name} database.`]
        : backups.map(
            (backup) =>
              `${backup.id}  ${age(backup.age_hours)} old, ${rowsOf(backup).toLocaleString('en')} rows, ${megabytes(backup)}`,
          ),
    );
    const newest = backups[0]?.age_hours ?? Number.POSITIVE_INFINITY;
    if (newest <= TOO_OLD_HOURS) return EXIT.ok;
    context.out.mark(
      'fail',
      `No backup of the last ${TOO_OLD_HOURS} hours. Make one: yard db backup --env ${textOption(context, 'env')}`,
    );
    return EXIT.failed;
  },
};

/** `yard db restore` */
export const dbRestoreCommand: Command = {
  path: 'db restore',
  says: 'fill an empty database from a backup',
  details:
    'Fetches the backup, compares its SHA-256 before anything is touched, restores it into the database of --into, and counts the rows of ' +
    'every table. Refuses a database that holds anything: switch to a fresh one instead of overwriting what may still be needed.',
  arguments: [{ name: '<backup>', says: 'as db backups lists it' }],
  options: [
    ...ENV,
    { flags: '--into <profile>', says: 'environment whose empty database is filled', required: true },
    DATABASE,
  ],
  examples: [
    {
      line: 'yard db restore labeler/2026-11-29T03-00-00-000Z-full --env railway --into rescue',
      says: 'Into a fresh database:',
    },
  ],
  exclusive: true,
  async run(context) {
    using report = workReport(context.out, 'restoring');
    const into = { ...context, options: { ...context.options, env: textOption(context, 'into') } };
    const manifest = await withBucket(context, (bucket) =>
      restoreBackup({
        id: context.args[0] ?? '',
        bucket,
        target: databaseEnd(into, 'env'),
        report,
        signal: context.signal,
      }),
    );
    report[Symbol.dispose]();
    context.out.answer(manifest, [
      `${manifest.id} is restored: ${rowsOf(manifest).toLocaleString('en')} rows, all counted`,
    ]);
    return EXIT.ok;
  },
};

/** `yard db drill` */
export const dbDrillCommand: Command = {
  path: 'db drill',
  says: 'prove that a backup can be restored',
  details:
    'Restores a backup (the newest, or --backup) into a scratch database on the environment’s own server, counts every table against the ' +
    'manifest, and drops it. The role must be allowed to create databases.',
  options: [...ENV, DATABASE, { flags: '--backup <id>', says: 'another one than the newest' }],
  examples: [{ line: 'yard db drill --env local', says: 'Of the newest backup:' }],
  exclusive: true,
  async run(context) {
    using report = workReport(context.out, 'restoring');
    const result = await withBucket(context, async (bucket) => {
      const id =
        optionalText(context, 'backup') ?? newestOf(databaseName(context), await listBackups(bucket, context.signal));
      return drillBackup({ id, bucket, target: databaseEnd(context, 'env'), report, signal: context.signal });
    });
    report[Symbol.dispose]();
    const says = `${result.id} can be restored: ${rowsOf(result).toLocaleString('en')} rows counted in ${result.seconds.toFixed(1)} s`;
    keepEvidence(context.state, { kind: 'drill', about: [textOption(context, 'env')], ok: true, says, data: result });
    context.out.answer(result, [says]);
    return EXIT.ok;
  },
};

function newestOf(name: DatabaseName, backups: readonly BackupManifest[]): string {
  const newest = backups.find(({ database }) => database === name);
  if (newest) return newest.id;
  throw new YardError('bad_input', `There is no backup of the ${name} database.`, 'Make one: yard db backup.');
}

const rowsOf = ({ tables }: BackupManifest) => tables.reduce((sum, { rows }) => sum + rows, 0);
const megabytes = ({ size_bytes }: BackupManifest) => `${(size_bytes / 1e6).toFixed(1)} MB`;
const age = (hours: number) => (hours < 48 ? `${hours.toFixed(1)} hours` : `${(hours / 24).toFixed(1)} days`);
