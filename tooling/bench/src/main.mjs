// npm run -s bench -- <name…> [--json FILE] [--rounds N] [--size small|standard|full]
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { BENCHES } from './benches/all.mjs';
import { Lab, SIZES } from './harness/lab.mjs';
import { machine, table } from './harness/report.mjs';

const DEFAULT_ROUNDS = 7;
const FEWEST_ROUNDS = 1;

/** @param {string} problem @returns {never} */
function usage(problem) {
  const names = BENCHES.map(({ name, says }) => `  ${name.padEnd(14)} ${says}`).join('\n');
  process.stderr.write(
    `${problem}\n\nnpm run -s bench -- NAME… [--rounds N] [--size ${SIZES.join('|')}] [--json FILE]\n\n${names}\n  all            every one of them\n`,
  );
  process.exit(2);
}

function options() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { json: { type: 'string' }, rounds: { type: 'string' }, size: { type: 'string', default: 'standard' } },
    });
    const rounds = Number(values.rounds ?? DEFAULT_ROUNDS);
    if (!Number.isInteger(rounds) || rounds < FEWEST_ROUNDS)
      throw new Error(`--rounds ${values.rounds} is no number of rounds`);
    const size = SIZES.find((known) => known === values.size);
    if (!size) throw new Error(`--size ${values.size} is none of ${SIZES.join(', ')}`);
    const unknown = positionals.find((name) => name !== 'all' && !BENCHES.some((bench) => bench.name === name));
    if (unknown !== undefined) throw new Error(`There is no bench "${unknown}"`);
    if (positionals.length === 0) throw new Error('Which bench?');
    const benches = positionals.includes('all') ? BENCHES : BENCHES.filter(({ name }) => positionals.includes(name));
    return { benches, rounds, size, json: values.json };
  } catch (error) {
    return usage(/** @type {Error} */ (error).message);
  }
}

const { benches, rounds, size, json } = options();
/** @type {import('./harness/report.mjs').Report[]} */
const reports = [];
for (const { name, run } of benches) {
  const lab = new Lab({ size, rounds });
  try {
    await lab.open();
    const results = await run(lab);
    const report = { name, size, machine: machine(), date: new Date().toISOString(), results };
    reports.push(report);
    process.stdout.write(`\n${table(report)}\n`);
  } catch (error) {
    process.stderr.write(`${name}: ${error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = 1;
  } finally {
    await lab.close();
  }
}
// Relative to where the command was given, not to this package.
if (json !== undefined)
  writeFileSync(resolve(process.env.INIT_CWD ?? '.', json), `${JSON.stringify(reports, null, 2)}\n`);
