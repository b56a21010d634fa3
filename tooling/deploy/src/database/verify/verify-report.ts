import { sayDifference } from '../catalog/compare-catalogs.js';
import type { RowDifference } from './differing-rows.js';
import type { VerifyReport } from './verify-databases.js';

/** The report in words, one finding per line; the last line is the verdict. */
export function sayReport(report: VerifyReport): string[] {
  const lines = [
    ...report.schema.map(sayDifference),
    ...report.invalid_indexes.map((index) => `index ${index} is invalid: Postgres does not use it; reindex it`),
    ...report.unvalidated_constraints.map(
      (constraint) => `constraint ${constraint} was never checked against old rows`,
    ),
    ...report.sequences_behind.map(
      ({ sequence, next, taken, column }) =>
        `sequence ${sequence} would give ${next} next, but ${column} goes up to ${taken} already`,
    ),
    ...report.tables.flatMap((table) => {
      if (table.equal) return [];
      const counts =
        table.source_rows === table.target_rows
          ? `${table.source_rows} rows on either side`
          : `${table.source_rows} rows in the source, ${table.target_rows} in the target`;
      return [
        `table ${table.table} differs: ${counts}`,
        ...table.differences.map((row) => `  ${sayRow(row)}`),
        ...(table.more ? ['  … and more'] : []),
        ...(table.differences.length === 0 ? ['  it has no primary key to name the rows by'] : []),
      ];
    }),
  ];
  const rows = `${report.rows.toLocaleString('en')} rows in ${report.tables.length} tables, ${report.seconds.toFixed(1)} s`;
  return [
    ...lines,
    report.equal
      ? `${report.source} and ${report.target} are equal: ${rows}`
      : `${report.source} and ${report.target} differ (${rows})`,
  ];
}

function sayRow({ key, problem, columns }: RowDifference): string {
  const name = Object.entries(key)
    .map(([column, value]) => `${column} = ${value}`)
    .join(', ');
  return problem === 'changed' ? `${name}: changed in ${columns.join(', ')}` : `${name}: ${problem} in the target`;
}
