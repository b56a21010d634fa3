import { writeFileSync } from 'node:fs';
import type { Command } from '../cli/command.js';
import { EXIT } from '../cli/exit-code.js';
import { judgeCriteria } from '../report/criteria.js';
import { readEvidence } from '../report/evidence.js';
import { reportHtml, reportMarkdown, type Report } from '../report/render-report.js';

/** `yard report` */
export const reportCommand: Command = {
  path: 'report',
  says: 'show what is proven about a move, for signing off',
  details:
    'Puts together what doctor, backup, verify, check, cutover and rehearse have proven, against the success criteria of the ' +
    'deployment guide. Writes report.md, report.html and report.json into .yard/reports. What has no evidence is "not proven".',
  examples: [{ line: 'yard report', says: 'What is proven so far:' }],
  async run({ out, state }) {
    const evidence = readEvidence(state);
    const report: Report = { made_at: new Date().toISOString(), criteria: judgeCriteria(evidence), evidence };
    const markdown = reportMarkdown(report);
    const files = {
      'report.md': markdown,
      'report.html': reportHtml(report),
      'report.json': `${JSON.stringify(report, null, 2)}\n`,
    };
    for (const [name, text] of Object.entries(files)) {
      const path = state.path('reports', name);
      writeFileSync(path, text, { mode: 0o600 });
      out.say(`Written: ${path}`);
    }
    out.answer(report, [markdown]);
    return report.criteria.some(({ standing }) => standing === 'failed') ? EXIT.failed : EXIT.ok;
  },
};
