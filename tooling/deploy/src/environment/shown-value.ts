import { isSecretName } from '@labelyard/config';
import { fingerprint } from '../cli/redaction.js';
import { isReference } from './findings.js';

/** A value as anybody may see it: secrets as a fingerprint, database URLs without their password, references as they are. */
export function shownValue(name: string, value: string): string {
  if (!isSecretName(name) || isReference(value)) return value.includes('\n') ? `${value.split('\n')[0]} …` : value;
  const url = URL.parse(value);
  if (!url?.protocol.startsWith('postgres')) return fingerprint(value);
  const { username, password, host, pathname } = url;
  const role = username && `${decodeURIComponent(username)}@`;
  return `${url.protocol}//${role}${host}${pathname}, password ${password ? fingerprint(password) : 'none'}`;
}
