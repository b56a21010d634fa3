import { ERROR_CODES, type ErrorCode } from '@labelyard/domain';

const PREFIX = 'labelyard:';

/** An error's code in the form that survives the way from a server component to an error page. */
export function errorDigest(code: ErrorCode | 'unreachable'): string {
  return PREFIX + code;
}

/** The code in a digest of ours. */
export function codeInDigest(digest: string | undefined): ErrorCode | 'unreachable' | undefined {
  if (!digest?.startsWith(PREFIX)) return undefined;
  const code = digest.slice(PREFIX.length);
  return code === 'unreachable' ? code : ERROR_CODES.find((known) => known === code);
}
