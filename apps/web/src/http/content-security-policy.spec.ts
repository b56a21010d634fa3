import { contentSecurityPolicy } from './content-security-policy';

const policy = (development = false) =>
  Object.fromEntries(
    contentSecurityPolicy({
      nonce: 'N0nce',
      storage_origins: ['https://s3.example', 'http://localhost:8011'],
      development,
    })
      .split('; ')
      .map((directive) => [directive.slice(0, directive.indexOf(' ')), directive.slice(directive.indexOf(' ') + 1)]),
  );

test('scripts and style sheets need the nonce and nothing inline is allowed', () => {
  expect(policy()['script-src']).toBe("'nonce-N0nce' 'strict-dynamic'");
  expect(policy()['style-src']).toBe("'self' 'nonce-N0nce'");
});

test('the storage may be read from and written to, and nothing else outside', () => {
  expect(policy()['img-src']).toBe("'self' blob: data: https://s3.example http://localhost:8011");
  expect(policy()['connect-src']).toBe("'self' https://s3.example http://localhost:8011");
  expect(policy()['default-src']).toBe("'self'");
});

test('only development evaluates code', () => {
  expect(policy(true)['script-src']).toContain("'unsafe-eval'");
  expect(JSON.stringify(policy())).not.toContain('unsafe-eval');
});
