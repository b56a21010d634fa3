import argon2 from '@node-rs/argon2';
import bcrypt from '@node-rs/bcrypt';
import { hashPassword, PasswordCheck } from './password-check.js';

test.each([
  ['argon2id', () => argon2.hash('secret', { memoryCost: 64, timeCost: 1, parallelism: 1 })],
  ['our own cost', () => hashPassword('secret')],
  ['bcrypt', () => bcrypt.hash('secret', { cost: 4 })],
  ['bcrypt as Python writes it', async () => (await bcrypt.hash('secret', { cost: 4 })).replace('$2b$', '$2a$')],
])('%s', async (_name, hash) => {
  const check = new PasswordCheck();
  const stored = await hash();
  expect(await check.verify(stored, 'secret')).toBe(true);
  expect(await check.verify(stored, 'Secret')).toBe(false);
  expect(await check.verify(stored, '')).toBe(false);
});

test.each([[''], ['!'], ['secret'], ['$2b$10$short'], ['$argon2id$v=19$m=64,t=1,p=1$broken'], ['$1$salt$md5crypt']])(
  'nobody signs in with what "%s" stands for',
  async (stored) => {
    for (const password of ['secret', '', '!', stored])
      expect(await new PasswordCheck().verify(stored, password)).toBe(false);
  },
);

test('without an account nothing fits, also not the decoy', async () => {
  const check = new PasswordCheck();
  await check.verify(await bcrypt.hash('secret', { cost: 4 }), 'secret');
  expect(await check.verify(null, 'secret')).toBe(false);
});
