import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/**
 * Stands where a load balancer would: each connection goes to the next replica that accepts it. Node runs this file as it
 * is for the browser journeys, so it holds only types that can be left out.
 */
export class RoundRobin {
  private turn = 0;
  private readonly sockets = new Set<Socket>();
  private readonly server = createServer((client) => this.serve(client));

  private readonly ports: readonly number[];

  constructor(ports: readonly number[]) {
    this.ports = ports;
  }

  async listen(port: number): Promise<number> {
    this.server.listen(port, '127.0.0.1');
    await once(this.server, 'listening');
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private serve(client: Socket, tries = this.ports.length): void {
    this.keep(client);
    const port = this.ports[this.turn++ % this.ports.length] as number;
    const replica = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    this.keep(replica);
    const refused = () => {
      if (tries > 1 && !client.destroyed) this.serve(client, tries - 1);
      else client.destroy();
    };
    replica.once('error', refused);
    replica.once('connect', () => {
      replica.off('error', refused);
      replica.setNoDelay(true);
      client.setNoDelay(true);
      client.pipe(replica);
      replica.pipe(client);
      for (const [from, to] of [
        [client, replica],
        [replica, client],
      ] as const) {
        // What has been said already still arrives.
        from.on('close', () => to.destroySoon());
      }
    });
  }

  private keep(socket: Socket): void {
    if (this.sockets.has(socket)) return;
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
    socket.on('error', () => undefined);
  }
}
