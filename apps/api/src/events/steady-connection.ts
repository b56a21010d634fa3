import type pg from 'pg';

export interface SteadyConnectionOptions {
  /** A client that is not yet connected. */
  readonly client: () => pg.Client;
  /** Told when the connection is lost and when it is back. */
  readonly log: (level: 'info' | 'warn', message: string, error?: Error) => void;
  /** How often an idle connection proves that it is alive (default 10 s). */
  readonly probe_ms?: number;
}

const FIRST_DELAY_MS = 50;
const LONGEST_DELAY_MS = 2_000;

/**
 * One database session that is there whenever the database is: for what belongs to a session (LISTEN, advisory locks).
 * A broken or silent connection is replaced; setups run again on each new one before anybody is told that it is back.
 */
export class SteadyConnection {
  private current: pg.Client | null = null;
  private stopped = false;
  private work: Promise<void> | null = null;
  private delay: { timer: NodeJS.Timeout; end: () => void } | null = null;
  private readonly setups = new Set<(client: pg.Client) => Promise<void>>();
  private readonly backs = new Set<() => void>();
  private readonly listeners = new Set<(message: pg.Notification) => void>();
  /** What was asked of the session last: a session does one thing at a time. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: SteadyConnectionOptions) {}

  get connected(): boolean {
    return this.current !== null;
  }

  /** Runs `setup` on each new session, and at once on the present one. */
  async onSession(setup: (client: pg.Client) => Promise<void>): Promise<void> {
    this.setups.add(setup);
    await this.inTurn(async () => {
      if (this.current) await setup(this.current);
    });
  }

  /** Calls `heard` with each payload sent to `channel`, on every session there will be. */
  async listen(channel: string, heard: (payload: string) => void): Promise<void> {
    this.listeners.add((message) => {
      if (message.channel === channel && message.payload) heard(message.payload);
    });
    await this.onSession(async (client) => {
      await client.query(`listen ${channel}`);
    });
  }

  /** Called when a session stands again after one was lost: notifications may have been missed. */
  onBack(listener: () => void): void {
    this.backs.add(listener);
  }

  /** Resolves when the first session stands; throws when the database cannot be reached now. */
  async start(): Promise<void> {
    this.keep(await this.connect());
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.delay?.end();
    await this.work;
    const client = this.current;
    this.current = null;
    await client?.end().catch(() => undefined);
  }

  /** On the present session. Throws when there is none. */
  async query<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
    return this.inTurn(async () => {
      if (!this.current) throw new Error('The database session is being re-established');
      return (await this.current.query<Row & pg.QueryResultRow>(text, values)).rows;
    });
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.turn.then(work);
    this.turn = result.catch(() => undefined);
    return result;
  }

  private async connect(): Promise<pg.Client> {
    const client = this.options.client();
    client.on('notification', (message) => {
      for (const listener of this.listeners) listener(message);
    });
    // Without a listener, a connection that breaks would end the process.
    client.on('error', () => undefined);
    try {
      await client.connect();
      for (const setup of this.setups) await setup(client);
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    return client;
  }

  private keep(client: pg.Client): void {
    if (this.stopped) return void client.end().catch(() => undefined);
    this.current = client;
    const probe = setInterval(() => {
      void this.inTurn(async () => {
        if (this.current === client) await client.query('select 1').catch((error: Error) => onLost(error));
      });
    }, this.options.probe_ms ?? 10_000);
    probe.unref();
    const onLost = (error?: Error) => {
      clearInterval(probe);
      if (this.current !== client) return;
      this.current = null;
      void client.end().catch(() => undefined);
      if (this.stopped) return;
      this.options.log('warn', 'The database session was lost; connecting again', error);
      this.work = this.reconnect();
    };
    client.once('error', onLost);
    client.once('end', () => onLost());
  }

  private async reconnect(): Promise<void> {
    for (let delay = FIRST_DELAY_MS; !this.stopped; delay = Math.min(delay * 2, LONGEST_DELAY_MS)) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, delay);
        this.delay = { timer, end: () => (clearTimeout(timer), resolve()) };
      });
      if (this.stopped) return;
      try {
        this.keep(await this.connect());
        this.options.log('info', 'The database session is back');
        for (const back of this.backs) back();
        return;
      } catch (error) {
        this.options.log('warn', 'The database cannot be reached; trying again', error as Error);
      }
    }
  }
}
