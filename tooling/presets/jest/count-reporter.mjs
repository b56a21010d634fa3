// Writes reports/tests.json: what `npm test` adds up for its last line.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export default class CountReporter {
  constructor(globalConfig, { name }) {
    this.rootDir = globalConfig.rootDir;
    this.name = name;
  }

  onRunComplete(_contexts, results) {
    const skipped = results.testResults.flatMap((file) =>
      file.testResults.filter((test) => test.status === 'pending').map((test) => test.fullName),
    );
    const broken = results.testResults.filter((file) => file.testExecError).length;
    mkdirSync(join(this.rootDir, 'reports'), { recursive: true });
    writeFileSync(
      join(this.rootDir, 'reports', 'tests.json'),
      JSON.stringify(
        { name: this.name, passed: results.numPassedTests, failed: results.numFailedTests + broken, skipped },
        null,
        2,
      ),
    );
  }
}
