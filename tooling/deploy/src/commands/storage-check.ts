import { type Command, FROM_TO } from '../cli/command.js';
import { EXIT } from '../cli/exit-code.js';
import { choiceOption, switchOption, textOption } from '../cli/option-values.js';
import { keepEvidence } from '../report/evidence.js';
import { CHECK_LEVELS, type CheckReport } from '../storage/check/check-buckets.js';
import { compareEnds } from '../storage/move/move-bucket.js';
import { sayCheck } from '../storage/say-reports.js';
import { workReport } from '../cli/work-report.js';
import { BUCKET, bucketMoves, databaseAsked, NO_DATABASE } from './storage-options.js';

/** `yard storage check` */
export const storageCheckCommand: Command = {
  path: 'storage check',
  says: 'compare two storages, object by object',
  details:
    'size: names and sizes, from the listings. sha256: besides, that every object was copied by yard with its hash, that neither side was ' +
    'touched since, and that the hash is the one the database knows. full: reads every byte and content type of both sides. Changes ' +
    'nothing. Exit code 2 when something differs, 1 when the source itself is damaged or lacks what the database speaks of.',
  options: [
    ...FROM_TO,
    BUCKET,
    NO_DATABASE,
    { flags: '--level <level>', says: `how sure: ${CHECK_LEVELS.join(', ')}`, fallback: 'sha256' },
    { flags: '--back', says: 'the new side is the source, as after a switch' },
  ],
  examples: [
    { line: 'yard storage check --from local --to railway', says: 'After a sync:' },
    { line: 'yard storage check --from local --to railway --level full', says: 'Every byte of both sides:' },
  ],
  exclusive: true,
  async run(context) {
    const level = choiceOption(context, 'level', CHECK_LEVELS);
    const moves = bucketMoves(context);
    const database = databaseAsked(context, 'from') ?? undefined;
    const direction = switchOption(context, 'back') ? 'backward' : 'forward';
    const reports: Record<string, CheckReport> = {};
    const text: string[] = [];
    for (const move of moves) {
      using report = workReport(context.out, `comparing ${move.bucket}`);
      const found = await compareEnds(move, { direction, level, database, report, signal: context.signal });
      reports[move.bucket] = found;
      text.push(`${move.bucket}:`, ...sayCheck(found));
    }
    const all = Object.values(reports);
    const sound = all.every((report) => report.sound);
    const equal = all.every((report) => report.equal && report.findings.extra.objects === 0);
    keepEvidence(context.state, {
      kind: 'storage check',
      about: [textOption(context, 'from'), textOption(context, 'to')],
      ok: all.every((report) => report.equal && report.sound),
      says: `${level}: ${Object.keys(reports)
        .map((bucket, n) => `${bucket} ${all[n]?.equal ? 'equal' : 'different'}`)
        .join(', ')}`,
      data: reports,
    });
    context.out.answer(reports, text);
    if (!sound) return EXIT.failed;
    return equal ? EXIT.ok : EXIT.differences;
  },
};
