import type { Command } from '../cli/command.js';
import { EXIT } from '../cli/exit-code.js';
import { choiceOption, numberOption } from '../cli/option-values.js';
import { rehearsalServers } from '../env.js';
import type { Leg, Rehearsal } from '../rehearse/run-rehearsal.js';
import { keepEvidence } from '../report/evidence.js';

const STORAGES = ['disk', 's3'] as const;

/** `yard rehearse` */
export const rehearseCommand: Command = {
  path: 'rehearse',
  says: 'move a whole installation and back on this machine, while writers never stop',
  details:
    'Needs no cloud and touches no installation of yours: it builds two Postgres servers, two storages, the API and the web in a ' +
    'temporary folder, fills them, moves there and back with the same commands as a real move while writers go on, and compares ' +
    'everything that was acknowledged with what each side holds. Prints for how long writes were stopped. Removes everything it made. ' +
    'REHEARSAL_FROM_POSTGRES and REHEARSAL_TO_POSTGRES (superusers’ URLs) in the environment name other Postgres servers, S3_TEST_* ' +
    'another S3 server, whose two buckets must be empty.',
  options: [
    { flags: '--images <count>', says: 'pictures in the installation', fallback: '60' },
    { flags: '--annotations <count>', says: 'annotations in the installation', fallback: '20000' },
    { flags: '--writers <count>', says: 'people who never stop', fallback: '4' },
    {
      flags: '--kills <count>',
      says: 'how often the move is killed on each way, and run again; with any, one Ctrl-C as well',
      fallback: '0',
    },
    { flags: '--from-storage <kind>', says: 'disk or s3', fallback: 'disk' },
    { flags: '--to-storage <kind>', says: 'disk or s3', fallback: 's3' },
  ],
  examples: [
    { line: 'yard rehearse', says: 'Small, in a minute:' },
    { line: 'yard rehearse --annotations 1000000 --images 2000', says: 'A large installation:' },
    { line: 'yard rehearse --kills 10', says: 'With ten power cuts on each way:' },
  ],
  next: 'yard report',
  async run(context) {
    const { out, state, signal } = context;
    const count = (name: string, min: number, max: number) => numberOption(context, name, { min, max });
    const servers = rehearsalServers();
    const { rehearse } = await import('../rehearse/run-rehearsal.js');
    const { s3TestServer } = await import('@labelyard/storage/testing');
    const progress = out.progress('Filling the installation', 'images');
    const result = await rehearse({
      images: count('images', 1, 100_000),
      annotations: count('annotations', 0, 20_000_000),
      writers: count('writers', 1, 50),
      kills: count('kills', 0, 100),
      from: { storage: choiceOption(context, 'fromStorage', STORAGES), postgres: servers.from },
      to: { storage: choiceOption(context, 'toStorage', STORAGES), postgres: servers.to, s3: s3TestServer() },
      say: (line) => out.say(line),
      progress: (done, total) => progress.update(done, total),
      signal,
    }).finally(() => progress.end());
    const ok = result.problems.length === 0;
    const text = inWords(result);
    keepEvidence(state, { kind: 'rehearsal', about: ['local', 'cloud'], ok, says: text.at(-1) ?? '', data: result });
    out.answer(result, text);
    return ok ? EXIT.ok : EXIT.failed;
  },
};

function inWords({ images, annotations, writes, there, back, problems }: Rehearsal): string[] {
  const leg = (name: string, { seconds, stop_seconds, longest_wait_seconds, kills, interrupted, verdict }: Leg) =>
    `${name}: ${seconds.toFixed(1)} s${kills > 0 ? ` with ${kills} kill${kills === 1 ? '' : 's'}` : ''}${interrupted ? ' and a Ctrl-C' : ''}; writes were stopped for ${stop_seconds?.toFixed(1) ?? '?'} s ` +
    `(the longest wait of a writer: ${longest_wait_seconds.toFixed(1)} s); ${verdict.annotations} annotations and ${verdict.images} uploads of the writers are there`;
  return [
    `${images} images, ${annotations.toLocaleString('en')} annotations`,
    `writes: ${writes.attempted} begun, ${writes.accepted} acknowledged, ${writes.retried} times sent again`,
    leg('there', there),
    leg('back', back),
    ...problems.map((problem) => `✗ ${problem}`),
    problems.length === 0
      ? `0 lost, 0 doubled of ${writes.accepted} writes, there and back`
      : `${problems.length} problems with ${writes.attempted} writes`,
  ];
}
