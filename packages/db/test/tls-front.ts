import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Certificate } from '../src/testing/certificates.js';

/** First eight bytes of a client that asks for TLS: length 8, code 80877103. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

export interface TlsFront {
  readonly port: number;
  /** Connections that finished their handshake. */
  readonly secured: () => number;
  /** Everything clients said inside TLS. */
  readonly heard: () => string;
  close(): Promise<void>;
}

/** Stands before a Postgres without TLS as one that has it, with any certificate; `null` refuses TLS. */
export async function tlsFront(
  target: { host: string; port: number },
  certificate: Certificate | null,
): Promise<TlsFront> {
  const sockets = new Set<Socket>();
  let secured = 0;
  let heard = '';
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    return socket;
  };
  const server = createServer((client) => {
    keep(client).once('data', (first: Buffer) => {
      if (!first.subarray(0, 8).equals(SSL_REQUEST)) return client.destroy();
      if (!certificate) return client.write('N');
      client.write('S');
      const inside = new TLSSocket(client, { isServer: true, cert: certificate.pem, key: certificate.key });
      inside.on('error', () => client.destroy());
      inside.once('secure', () => {
        secured += 1;
      });
      const postgres = keep(connect(target));
      inside.on('data', (chunk: Buffer) => {
        heard += chunk.toString('latin1');
      });
      inside.pipe(postgres).pipe(inside);
      return undefined;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    secured: () => secured,
    heard: () => heard,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
