// A certificate authority of a few lines, so that TLS can be tested on a machine without openssl. DER by hand (X.690, RFC 5280).
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

const der = (tag: number, ...parts: Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  const { length } = body;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
};
const sequence = (...parts: Buffer[]) => der(0x30, ...parts);
const oid = (hex: string) => der(0x06, Buffer.from(hex, 'hex'));
const ECDSA_SHA256 = sequence(oid('2a8648ce3d040302'));
const name = (common: string) => sequence(der(0x31, sequence(oid('550403'), der(0x0c, Buffer.from(common)))));
const time = (year: number) => der(0x18, Buffer.from(`${year}0101000000Z`));
const extension = (id: string, value: Buffer, critical = false) =>
  sequence(oid(id), ...(critical ? [der(0x01, Buffer.from([0xff]))] : []), der(0x04, value));

export interface Certificate {
  readonly pem: string;
  readonly key: string;
  /** SHA-256 of the certificate, with colons. */
  readonly fingerprint: string;
}

export interface Authority extends Certificate {
  /** A server certificate for DNS names. */
  issue(...hosts: string[]): Certificate;
}

function certificate(
  issuer: string,
  issuerKey: KeyObject,
  subject: string,
  extensions: Buffer[],
  keys: ReturnType<typeof newKeys>,
): Certificate {
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ECDSA_SHA256,
    name(issuer),
    sequence(time(2020), time(2120)),
    name(subject),
    keys.publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  );
  const signature = sign('sha256', body, issuerKey);
  const bytes = sequence(body, ECDSA_SHA256, der(0x03, Buffer.from([0]), signature));
  const base64 = bytes.toString('base64').replace(/.{64}/gu, '$&\n');
  const digest = createHash('sha256').update(bytes).digest('hex').toUpperCase();
  return {
    pem: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`,
    key: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    fingerprint: digest.replace(/..(?=.)/gu, '$&:'),
  };
}

const newKeys = () => generateKeyPairSync('ec', { namedCurve: 'prime256v1' });

/** A self-signed authority. */
export function newAuthority(common: string): Authority {
  const keys = newKeys();
  const isAuthority = extension('551d13', sequence(der(0x01, Buffer.from([0xff]))), true);
  return {
    ...certificate(common, keys.privateKey, common, [isAuthority], keys),
    issue: (...hosts) => {
      const names = sequence(...hosts.map((host) => der(0x82, Buffer.from(host))));
      return certificate(common, keys.privateKey, hosts[0] ?? 'server', [extension('551d11', names)], newKeys());
    },
  };
}
