import type { AuditEntry } from '@labelyard/contract';
import { auditFile, csvField } from './audit-file.js';

const entry: AuditEntry = {
  id: 7,
  happened_at: '2026-01-01T00:00:00.000Z',
  project_id: 2,
  actor_id: 'u1',
  actor_kind: 'user',
  actor: {
    id: 'u1',
    email: 'u@example.org',
    full_name: '=HYPERLINK("http://evil")',
    avatar_name: null,
    badge_color: null,
    is_active: true,
  },
  action: 'class.create',
  outcome: 'done',
  subject_type: 'class',
  subject_id: '5',
  details: { name: '+1, "quoted"\nline' },
  request_id: null,
};
async function* pages() {
  yield [entry];
  yield [{ ...entry, id: 6, actor: null }];
}
const whole = async (format: 'csv' | 'jsonl'): Promise<string> => {
  let text = '';
  for await (const piece of auditFile(format, pages())) text += piece;
  return text;
};

test.each([
  ['=1+1', `'=1+1`],
  ['+44', `'+44`],
  ['-1', `'-1`],
  ['@SUM(A1)', `'@SUM(A1)`],
  ['\t=1', `"'\t=1"`.replace('"', '').replace(/"$/u, '')],
  ['a,b', '"a,b"'],
  ['say "hi"', '"say ""hi"""'],
  ['two\nlines', '"two\nlines"'],
  ['서울', '서울'],
  [null, ''],
  [-5, '-5'],
])('%j as a field', (value, field) => {
  expect(csvField(value)).toBe(field);
});

test('CSV holds no formula and survives quotes and line breaks', async () => {
  const text = await whole('csv');
  expect(text.startsWith('\uFEFFid,happened_at,')).toBe(true);
  expect(text).toContain(`"'=HYPERLINK(""http://evil"")"`);
  expect(text.split('\r\n')).toHaveLength(4);
});

test('JSON lines hold one entry each', async () => {
  const lines = (await whole('jsonl')).trimEnd().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as AuditEntry).id)).toEqual([7, 6]);
});
