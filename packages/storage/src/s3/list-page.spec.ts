import { readListPage } from './list-page.js';

const entry = (key: string, more = '') =>
  `<Contents><Key>${key}</Key><LastModified>2026-01-02T03:04:05.000Z</LastModified><ETag>&quot;e1&quot;</ETag><Size>7</Size>${more}</Contents>`;
const page = (inside: string) =>
  `<?xml version="1.0"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${inside}</ListBucketResult>\n`;

test('an empty bucket', () => {
  expect(readListPage(page('<Name>b</Name><IsTruncated>false</IsTruncated>'))).toEqual({
    objects: [],
    next: undefined,
  });
});

test('entries between facts, with owners, on several lines', () => {
  const owner = '\n<Owner><ID>Key</ID><DisplayName>Size</DisplayName></Owner>\n<StorageClass>STANDARD</StorageClass>';
  const read = readListPage(
    page(
      `<EncodingType>url</EncodingType>${entry('a/b+c%2Bd%20e%F0%9F%8E%89', owner)}${entry('z')}` +
        '<IsTruncated>true</IsTruncated><NextContinuationToken>t&amp;1</NextContinuationToken>',
    ),
  );
  expect(read.next).toBe('t&1');
  expect(read.objects).toEqual([
    { key: 'a/b c+d e🎉', size: 7, etag: 'e1', modified_at: new Date('2026-01-02T03:04:05.000Z') },
    { key: 'z', size: 7, etag: 'e1', modified_at: new Date('2026-01-02T03:04:05.000Z') },
  ]);
});

test('a server that does not encode keys escapes them for XML', () => {
  expect(readListPage(page(entry('a+%20&lt;&#38;&#x41;&gt;'))).objects[0]?.key).toBe('a+%20<&A>');
});

test('a key that looks like a fact of the page is none', () => {
  const read = readListPage(
    page(`<IsTruncated>false</IsTruncated>${entry('&lt;IsTruncated&gt;true&lt;/IsTruncated&gt;')}`),
  );
  expect(read.next).toBeUndefined();
});

test.each([
  ['a page of a proxy', '<html>busy</html>', 'no whole page'],
  ['a page that was cut', page(entry('a')).slice(0, -30), 'no whole page'],
  [
    'no size',
    page('<Contents><Key>a</Key><LastModified>2026-01-02T03:04:05Z</LastModified></Contents>'),
    'without key',
  ],
  ['no date', page('<Contents><Key>a</Key><Size>1</Size></Contents>'), 'without key'],
  ['no way on', page('<IsTruncated>true</IsTruncated>'), 'without a way'],
])('%s is refused', (_what, xml, why) => {
  expect(() => readListPage(xml)).toThrow(why);
});
