import { ERROR_STATUS } from '@labelyard/contract';
import { DomainError, ERROR_CODES } from '@labelyard/domain';
import { InvalidKey, ObjectNotFound, StorageDamaged, StorageRefused, StorageUnavailable } from '@labelyard/storage';
import { BadRequestException, HttpException } from '@nestjs/common';
import { answerTo } from './error-answer.js';

test.each(ERROR_CODES.map((code) => [code]))('%s has its status, message and details', (code) => {
  const answer = answerTo(new DomainError(code, 'what, where, what to do', { field: 1 }));
  expect(answer).toMatchObject({
    status: ERROR_STATUS[code],
    error: { code, message: 'what, where, what to do', details: { field: 1 } },
    unexpected: false,
  });
});

test.each([
  [new ObjectNotFound('no object'), 404, 'not_found', false],
  [new InvalidKey('bad key'), 422, 'validation_failed', false],
  [new StorageUnavailable('down'), 503, 'storage_unavailable', false],
  [new StorageRefused('wrong key'), 503, 'storage_unavailable', true],
  [new StorageDamaged('broken'), 500, 'internal', true],
  [new BadRequestException('bad'), 422, 'validation_failed', false],
  [new HttpException('too large', 413), 413, 'payload_too_large', false],
  [new HttpException('teapot', 418), 500, 'internal', true],
  [new TypeError('x is not a function'), 500, 'internal', true],
  ['thrown text', 500, 'internal', true],
  [undefined, 500, 'internal', true],
])('%p is %i %s', (thrown, status, code, unexpected) => {
  expect(answerTo(thrown)).toMatchObject({ status, error: { code }, unexpected });
});

test('what is unexpected tells nothing of itself', () => {
  const answer = answerTo(new Error('password=hunter2 at /srv/app/secret.js'));
  expect(JSON.stringify(answer)).not.toMatch(/hunter2|secret\.js/u);
});

test.each([
  [new DomainError('rate_limited', 'slow', { retry_after: 12.3 }), '13'],
  [new DomainError('rate_limited', 'slow', { retry_after: 0 }), '1'],
  [new DomainError('database_unavailable', 'down'), '2'],
  [new StorageUnavailable('down'), '5'],
])('%p says when to come back', (thrown, seconds) => {
  expect(answerTo(thrown).headers).toEqual({ 'retry-after': seconds });
});
