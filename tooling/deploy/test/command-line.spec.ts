import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EnvError } from '@labelyard/config';
import { StorageUnavailable } from '@labelyard/storage';
import type { Command, CommandContext } from '../src/cli/command.js';
import { EXIT } from '../src/cli/exit-code.js';
import { YardError } from '../src/cli/yard-error.js';
import { COMMANDS } from '../src/commands/all-commands.js';
import { runYard, temporaryFolder } from './run-yard.js';

/** A command that does what a test wants. */
function commandThat(run: (context: CommandContext) => Promise<(typeof EXIT)[keyof typeof EXIT]>): Command {
  return {
    path: 'box open',
    says: 'open the box',
    details: 'Opens it.',
    arguments: [{ name: '[names...]', says: 'boxes' }],
    options: [
      { flags: '--by <name>', says: 'who', required: true },
      { flags: '--times <n>', says: 'how often', fallback: '1' },
    ],
    examples: [{ line: 'yard box open --by me', says: 'Open it:' }],
    next: 'yard box close',
    run,
  };
}
const openedBy = commandThat(async ({ out, options, args }) => {
  out.answer({ by: options['by'], times: options['times'], args }, [`opened by ${String(options['by'])}`]);
  return EXIT.ok;
});

const inFolder = async (argv: readonly string[], commands: readonly Command[], signal?: AbortSignal) => {
  using folder = temporaryFolder();
  return runYard(argv, { cwd: folder.path, commands, ...(signal && { signal }) });
};

test('values, fallbacks and arguments reach the command; what comes next is said on stderr', async () => {
  const ran = await inFolder(['box', 'open', 'a', 'b', '--by', 'me', '--json'], [openedBy]);
  expect(ran.json()).toEqual({ by: 'me', times: '1', args: ['a', 'b'] });
  expect(ran.stderr).toContain('Next: yard box close');
  expect(ran.code).toBe(0);
  const text = await inFolder(['box', 'open', '--by', 'me', '--quiet'], [openedBy]);
  expect(text).toMatchObject({ stdout: 'opened by me\n', stderr: '' });
});

test.each([
  [['--help'], 0, 'Usage: yard'],
  [['box', 'open', '--help'], 0, 'yard box open --by me'],
  [['box', 'opne'], 3, 'Did you mean open?'],
  [['bxo'], 3, 'Did you mean box?'],
  [['box'], 3, 'Usage: yard box'],
  [['box', 'open'], 3, "required option '--by <name>' not specified"],
  [['box', 'open', '--by'], 3, 'argument missing'],
  [['box', 'open', '--by', 'me', '--tiems', '3'], 3, 'Did you mean --times?'],
] as const)('%j ends with %d and says why', async (argv, code, words) => {
  const ran = await inFolder(argv, [openedBy]);
  expect(ran.code).toBe(code);
  expect(code === 0 ? ran.stdout : ran.stderr).toContain(words);
  expect(code === 0 ? ran.stderr : ran.stdout).toBe('');
});

test('help tells every command apart by its path, says what it does, and how each ends', async () => {
  expect(new Set(COMMANDS.map(({ path }) => path)).size).toBe(COMMANDS.length);
  for (const command of COMMANDS) {
    const { stdout, code } = await inFolder([...command.path.split(' '), '--help'], COMMANDS);
    expect(code).toBe(0);
    for (const { line } of command.examples) expect(stdout).toContain(line);
    expect(stdout).toContain('Exit codes: 0 ok');
  }
  const { stdout } = await inFolder(['help'], COMMANDS);
  for (const { path, unlisted } of COMMANDS) expect(stdout.includes(`yard ${path}`)).toBe(!unlisted);
});

test.each([
  [new YardError('differences', 'They differ.', 'Look.'), 2, 'They differ.', '→ Look.'],
  [new EnvError(['PORT: is "x"']), 3, 'PORT: is "x"', 'yard env diff'],
  [Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }), 4, 'ECONNREFUSED', 'yard doctor'],
  [Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' }), 1, 'no space left', '→ Make room'],
  [new StorageUnavailable('the disk is full', { code: 'ENOSPC' }), 1, 'the disk is full', '→ Make room'],
  [new StorageUnavailable('No answer', { code: 'ECONNREFUSED' }), 4, 'No answer', 'yard doctor'],
  [new DOMException('stop', 'AbortError'), 130, 'Interrupted.', 'Run the same command again'],
  [new RangeError('odd'), 1, 'RangeError: odd', 'fault of yard'],
])('%s ends with its own code and says what to do', async (error, code, what, next) => {
  const failing = commandThat(() => Promise.reject(error));
  const text = await inFolder(['box', 'open', '--by', 'me'], [failing]);
  expect(text.code).toBe(code);
  expect(text.stderr).toContain(what);
  expect(text.stderr).toContain(next);
  expect(text.stdout).toBe('');
  const json = await inFolder(['box', 'open', '--by', 'me', '--json'], [failing]);
  expect(json.json<{ error: { message: string } }>().error.message).toContain(what);
});

test('a command that is interrupted says so, whatever it threw on the way', async () => {
  const controller = new AbortController();
  const failing = commandThat(() => {
    controller.abort(new DOMException('SIGINT received', 'AbortError'));
    return Promise.reject(new Error('Connection terminated'));
  });
  const ran = await inFolder(['box', 'open', '--by', 'me'], [failing], controller.signal);
  expect(ran.code).toBe(130);
  expect(ran.stderr).not.toContain('terminated');
});

test('the secrets of a profile never come out, on either stream or in an error', async () => {
  using folder = temporaryFolder();
  const secret = 'p"ss wörd/1+=';
  const url = `postgres://me:${encodeURIComponent(secret)}@db.example/labels`;
  writeFileSync(
    join(folder.path, 'yard.config.ts'),
    `export default { profiles: { here: { env: ${JSON.stringify({ LABELER_DB_URL: url, JWT_SECRET: 'jwt\\secret' })} } } };`,
  );
  const telling = commandThat(({ profile, out }) => {
    const { env } = profile('here');
    out.say(`the password is ${secret}`);
    out.answer({ env, secret }, [`${env['LABELER_DB_URL']} and ${env['JWT_SECRET']}`]);
    throw new Error(`password authentication failed: ${secret} at ${url}`);
  });
  for (const flags of [[], ['--json']]) {
    const { stdout, stderr } = await runYard(['box', 'open', '--by', 'me', ...flags], {
      cwd: folder.path,
      commands: [telling],
    });
    for (const spelling of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), 'jwt\\secret'])
      expect(stdout + stderr).not.toContain(spelling);
    expect(stdout).toContain('[secret]');
  }
});

test('two commands that change something never run at once', async () => {
  using folder = temporaryFolder();
  const begun = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  const slow = {
    ...commandThat(async () => {
      begun.resolve();
      await go.promise;
      return EXIT.ok;
    }),
    exclusive: true,
  };
  const first = runYard(['box', 'open', '--by', 'one'], { cwd: folder.path, commands: [slow] });
  await begun.promise;
  const second = await runYard(['box', 'open', '--by', 'two'], { cwd: folder.path, commands: [slow] });
  expect(second.code).toBe(1);
  expect(second.stderr).toContain(`Another yard command is at work (process ${process.pid}): yard box open, since`);
  go.resolve();
  expect((await first).code).toBe(0);
  expect((await runYard(['box', 'open', '--by', 'two'], { cwd: folder.path, commands: [slow] })).code).toBe(0);
});
