import { connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP pass-through that can be cut, as a server that restarts is: connections break, new ones are refused. */
export class TcpSwitch {
  private server: Server | null = null;
  private readonly sockets = new Set<Socket>();
  private port = 0;
  private target: { host: string; port: number } | null = null;

  /** The same URL, leading through here. */
  async before(url: string): Promise<string> {
    const through = new URL(url);
    this.target = { host: through.hostname, port: Number(through.port) };
    await this.mend();
    through.hostname = '127.0.0.1';
    through.port = String(this.port);
    return through.href;
  }

  cut(): Promise<void> {
    const { server } = this;
    this.server = null;
    for (const socket of this.sockets) socket.destroy();
    return new Promise((resolve) => (server ? server.close(() => resolve()) : resolve()));
  }

  /** Listens again, where it listened before. */
  mend(): Promise<void> {
    const { target } = this;
    if (!target) throw new Error('before() comes first');
    const server = createServer((socket) => {
      const onward = connect(target.port, target.host);
      for (const [from, to] of [
        [socket, onward],
        [onward, socket],
      ] as const) {
        this.sockets.add(from);
        from.on('error', () => to.destroy());
        from.on('close', () => {
          this.sockets.delete(from);
          to.destroy();
        });
        from.pipe(to);
      }
    });
    this.server = server;
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.port, '127.0.0.1', () => {
        this.port = (server.address() as { port: number }).port;
        resolve();
      });
    });
  }
}
