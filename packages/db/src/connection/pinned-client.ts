import type { EventEmitter } from 'node:events';
import type { TLSSocket } from 'node:tls';
import pg from 'pg';
import { normaliseFingerprint } from './tls.js';

interface TlsConnection extends EventEmitter {
  readonly stream: TLSSocket;
}

/**
 * A pg client that goes on only if the server shows exactly the pinned certificate. The check runs when the handshake ends, which is
 * before the server can ask for the password. (With `rejectUnauthorized: false` Node never calls `checkServerIdentity`.)
 */
export function pinnedClient(fingerprint: string): typeof pg.Client {
  const wanted = normaliseFingerprint(fingerprint);
  return class PinnedClient extends pg.Client {
    constructor(config?: string | pg.ClientConfig) {
      super(config);
      const connection = (this as unknown as { readonly connection: TlsConnection }).connection;
      connection.once('sslconnect', () => {
        const { stream } = connection;
        stream.once('secureConnect', () => {
          const shown = stream.getPeerCertificate().fingerprint256;
          if (shown && normaliseFingerprint(shown) === wanted) return;
          stream.destroy(
            Object.assign(new Error('The database server shows another certificate than the pinned one'), {
              code: 'ERR_TLS_CERT_PIN_MISMATCH',
            }),
          );
        });
      });
    }
  };
}
