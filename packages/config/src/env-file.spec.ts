import { EnvFileError, envFileLine, parseEnvFile } from './index.js';

test.each([
  'plain',
  '',
  'two words',
  ' spaces around ',
  '# not a comment',
  'a#b',
  `it's`,
  `"quoted" and it's`,
  'back\\nslash',
  'two\nlines\n',
  'postgres://me:p%40ss@db:5432/x?sslmode=require',
  '${{Postgres.DATABASE_URL}}',
  'äöü 한글 😀',
  '{"a":[1]}',
  'k=v=w',
])('%j comes back as it was written', (value) => {
  const text = `${envFileLine('BEFORE', 'x')}\n${envFileLine('NAME', value)}\n${envFileLine('AFTER', 'y')}\n`;
  expect(parseEnvFile(text)).toEqual({ BEFORE: 'x', NAME: value, AFTER: 'y' });
});

test.each([`a'b"c\`d`, 'a\rb'])('%j cannot be written', (value) => {
  expect(() => envFileLine('NAME', value)).toThrow(EnvFileError);
});

test('comments, blanks, exports, quoted line ends and Windows line ends are understood', () => {
  const text = '# comment\r\n\r\nexport PORT=1\r\n  HOST = a # why\r\nKEY="two\r\nlines"\r\nEMPTY=';
  expect(parseEnvFile(text)).toEqual({ PORT: '1', HOST: 'a', KEY: 'two\nlines', EMPTY: '' });
});

test('lines Node would skip are named by number, without what they say', () => {
  const text = '# fine\nexport PORT=1\nKEY="two\nlines"\n\nJWT_SECRET hush\n9LIVES=1\n';
  expect(() => parseEnvFile(text)).toThrow('line 6, line 7: not NAME=value');
});
