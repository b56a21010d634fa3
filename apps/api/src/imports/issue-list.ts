import type { ImportIssueRow } from '@labelyard/db';
import type { ImportIssue, ImportIssueCode, ImportReport } from '@labelyard/formats';

/** Listed of each origin; more are counted only. */
const MOST_LISTED = 2_000;

type Place = Pick<ImportIssue, 'file' | 'line' | 'path'>;

/** What is wrong with an import beyond what the format's reader finds: the first ones listed, all of them counted. */
export class IssueList {
  private readonly list: ImportIssueRow[] = [];
  private readonly counted = new Map<string, ImportReport['issue_counts'][number]>();

  error(code: ImportIssueCode, at: Place, message: string): void {
    this.add({ severity: 'error', code, ...at, message });
  }

  warn(code: ImportIssueCode, at: Place, message: string): void {
    this.add({ severity: 'warning', code, ...at, message });
  }

  add(issue: ImportIssue): void {
    const key = `${issue.severity} ${issue.code}`;
    const { code, severity } = issue;
    this.counted.set(key, { code, severity, count: (this.counted.get(key)?.count ?? 0) + 1 });
    if (this.list.length < MOST_LISTED) this.list.push(issue);
  }

  /** Together with what the reader found: errors first. */
  with(report: ImportReport | null): { issues: ImportIssueRow[]; counts: ImportReport['issue_counts'] } {
    const counts = new Map(this.counted);
    for (const entry of report?.issue_counts ?? []) {
      const key = `${entry.severity} ${entry.code}`;
      counts.set(key, { ...entry, count: entry.count + (counts.get(key)?.count ?? 0) });
    }
    const issues = [...this.list, ...(report?.issues ?? [])].map(clean);
    return {
      issues: [...issues.filter(({ severity }) => severity === 'error'), ...issues.filter(({ severity }) => severity !== 'error')], // prettier-ignore
      counts: [...counts.values()].sort((a, b) => (a.severity === b.severity ? b.count - a.count : a.severity === 'error' ? -1 : 1)), // prettier-ignore
    };
  }
}

/** Postgres keeps no zero characters and no halves of pairs. */
function clean(issue: ImportIssueRow): ImportIssueRow {
  const text = (value: string) => value.toWellFormed().replaceAll('\0', '\uFFFD').slice(0, 1_000);
  return {
    ...issue,
    file: text(issue.file),
    message: text(issue.message),
    ...(issue.path != null && { path: text(issue.path) }),
  };
}
