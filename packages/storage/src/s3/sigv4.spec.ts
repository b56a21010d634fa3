import { GetObjectCommand, PutObjectCommand, S3Client, UploadPartCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import fc from 'fast-check';
import { contentDisposition } from '../download-name.js';
import { createPresigner } from './sigv4.js';

const credentials = { access_key: 'AKIA/EXAMPLE+1', secret_key: 'wJalrXUtnFEMI/K7MDENG' };
const targets = [
  { name: 'R2', endpoint: 'https://abc.r2.cloudflarestorage.com', path_style: true, region: 'auto' },
  { name: 'R2, virtual host', endpoint: 'https://abc.r2.cloudflarestorage.com', path_style: false, region: 'auto' },
  {
    name: 'a base path and port',
    endpoint: 'http://127.0.0.1:8787/cdn-cgi/local/r2/s3',
    path_style: true,
    region: 'auto',
  },
  { name: 'MinIO', endpoint: 'http://localhost:9000', path_style: true, region: 'us-east-1' },
];

describe.each(targets)('presigned URLs for $name', ({ endpoint, path_style, region }) => {
  const bucket = 'label-datasets';
  const client = new S3Client({
    endpoint,
    region,
    forcePathStyle: path_style,
    credentials: { accessKeyId: credentials.access_key, secretAccessKey: credentials.secret_key },
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  const bucket_url = path_style ? `${endpoint}/${bucket}` : endpoint.replace('://', `://${bucket}.`);
  const presign = createPresigner({ bucket_url, region, ...credentials });
  const date = new Date('2026-03-04T05:06:07.890Z');
  afterAll(() => client.destroy());

  test.each([
    '1/images/a.jpg',
    '1/images/a b (1)+c.jpg',
    '1/images/it\'s 100%~ [x] {y} "z" <&>#?=;:@,$!*|^`.jpg',
    '1/images/한글/é/e\u0301/😀.jpg',
    '1/images/%2e%2E%20+.jpg',
    ' leading and trailing ',
  ])('GET of %j is the SDK’s, byte for byte', async (Key) => {
    const ours = presign({ method: 'GET', key: Key, date, expires_in: 900, query: [['x-id', 'GetObject']] });
    const theirs = await getSignedUrl(client, new GetObjectCommand({ Bucket: bucket, Key }), {
      expiresIn: 900,
      signingDate: date,
    });
    expect(ours).toBe(theirs);
  });

  const keys = fc
    .array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 4 })
    .map((segments) => segments.join('/'))
    .filter((key) => key.isWellFormed() && !key.split('/').some((segment) => ['', '.', '..'].includes(segment)));
  const dates = fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true });
  const seconds = fc.integer({ min: 1, max: 604_800 });

  test('any key, date and life: GET with a download name and type, PUT with a type, one part', async () => {
    await fc.assert(
      fc.asyncProperty(
        keys,
        dates,
        seconds,
        fc.string({ unit: 'grapheme', minLength: 1 }),
        fc.integer({ min: 1, max: 10_000 }),
        async (Key, signingDate, expiresIn, name, PartNumber) => {
          const base = { key: Key, date: signingDate, expires_in: expiresIn };
          const options = { expiresIn, signingDate };
          const disposition = contentDisposition(name);
          expect(
            presign({
              ...base,
              method: 'GET',
              query: [
                ['response-content-disposition', disposition],
                ['response-content-type', 'image/jpeg'],
                ['x-id', 'GetObject'],
              ],
            }),
          ).toBe(
            await getSignedUrl(
              client,
              new GetObjectCommand({
                Bucket: bucket,
                Key,
                ResponseContentDisposition: disposition,
                ResponseContentType: 'image/jpeg',
              }),
              options,
            ),
          );
          expect(
            presign({
              ...base,
              method: 'PUT',
              signed_content_type: 'text/plain;  charset=utf-8',
              query: [['x-id', 'PutObject']],
            }),
          ).toBe(
            await getSignedUrl(
              client,
              new PutObjectCommand({ Bucket: bucket, Key, ContentType: 'text/plain;  charset=utf-8' }),
              { ...options, signableHeaders: new Set(['content-type', 'host']) },
            ),
          );
          expect(
            presign({
              ...base,
              method: 'PUT',
              signed_content_type: 'image/png',
              signed_content_length: PartNumber,
              query: [['x-id', 'PutObject']],
            }),
          ).toBe(
            await getSignedUrl(
              client,
              new PutObjectCommand({ Bucket: bucket, Key, ContentType: 'image/png', ContentLength: PartNumber }),
              { ...options, signableHeaders: new Set(['content-length', 'content-type', 'host']) },
            ),
          );
          expect(
            presign({
              ...base,
              method: 'PUT',
              query: [
                ['partNumber', `${PartNumber}`],
                ['uploadId', name],
                ['x-id', 'UploadPart'],
              ],
            }),
          ).toBe(
            await getSignedUrl(
              client,
              new UploadPartCommand({ Bucket: bucket, Key, UploadId: name, PartNumber }),
              options,
            ),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  test('a PUT carries no checksum parameter (R2 refuses them)', () => {
    const url = presign({ method: 'PUT', key: 'a', date, expires_in: 60, signed_content_type: 'image/png' });
    expect(url).toContain('X-Amz-SignedHeaders=content-type%3Bhost');
    expect(url).not.toMatch(/checksum|crc32/i);
  });

  test('changes key material at midnight UTC', async () => {
    for (const signingDate of [new Date('2026-01-31T23:59:59Z'), new Date('2026-02-01T00:00:00Z'), date]) {
      expect(
        presign({ method: 'GET', key: 'k', date: signingDate, expires_in: 60, query: [['x-id', 'GetObject']] }),
      ).toBe(
        await getSignedUrl(client, new GetObjectCommand({ Bucket: bucket, Key: 'k' }), { expiresIn: 60, signingDate }),
      );
    }
  });
});
