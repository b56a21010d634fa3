import { defineEnv, EnvError, mailEnv } from './index.js';

const mail = (source: Record<string, string>) => defineEnv({ mail: mailEnv }, source).mail;
const whole = { SMTP_HOST: 'smtp.example', MAIL_FROM: 'Yard <yard@example.org>', WEB_URL: 'https://yard.example/' };

test('there is none without a host', () => {
  expect(mail({})).toBeNull();
  expect(mail({ WEB_URL: 'https://yard.example' })).toBeNull();
});

test('a host is enough with a sender and the address that links begin with', () => {
  expect(mail(whole)).toEqual({
    host: 'smtp.example',
    port: 587,
    security: 'starttls',
    login: null,
    from: 'Yard <yard@example.org>',
    web_url: 'https://yard.example',
  });
  expect(mail({ ...whole, SMTP_USER: 'me', SMTP_PASSWORD: 'pw' })?.login).toEqual({ user: 'me', password: 'pw' });
});

test.each([
  [{ MAIL_FROM: '' }, 'MAIL_FROM: is not set'],
  [{ WEB_URL: '' }, 'WEB_URL: is not set'],
  [{ WEB_URL: 'yard' }, 'WEB_URL: is not an http'],
  [{ SMTP_USER: 'me' }, 'SMTP_PASSWORD: and SMTP_USER belong together'],
  [{ SMTP_SECURITY: 'ssl' }, 'SMTP_SECURITY: is "ssl"'],
  [{ SMTP_PORT: '0' }, 'SMTP_PORT: is "0"'],
])('%j is refused', (change, expected) => {
  const read = () => mail({ ...whole, ...change });
  expect(read).toThrow(EnvError);
  expect(read).toThrow(expected);
});
