import { issuesCsv } from './issues-csv';

test('quotes what needs it, and leaves no formula', () => {
  const issue = { n: 0, severity: 'error', code: 'bad_value', file: 'a,b.json', line: 3, path: null } as const;
  expect(issuesCsv([{ ...issue, message: '=1+1 "x"' }])).toBe(
    '\uFEFFseverity,code,file,line,path,message\r\nerror,bad_value,"a,b.json",3,,"\'=1+1 ""x"""',
  );
});
