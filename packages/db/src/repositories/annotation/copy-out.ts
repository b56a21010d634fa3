import type pg from 'pg';

/**
 * A `COPY … TO STDOUT` as pg's client runs it, told of the data as soon as it is there and without keeping any. As a stream of Node.js
 * each piece would be copied twice more, into memory that piles up faster than it is collected: a third of a worker's size.
 */
export class CopyOut implements pg.Submittable {
  private connection: pg.Connection | null = null;
  private failure: Error | null = null;
  private arrived = false;
  private done = false;
  private wake: (() => void) | null = null;

  /** @param onData is given bytes that are good during the call */
  constructor(
    private readonly text: string,
    private readonly onData: (bytes: Buffer) => void,
  ) {}

  /** Waits for what comes next; false at the end. Nothing is read from the server before it is called. */
  async more(): Promise<boolean> {
    if (!this.arrived && !this.done && !this.failure) {
      const waiting = new Promise<void>((resolve) => (this.wake = resolve));
      this.connection?.stream.resume();
      await waiting;
    }
    if (this.failure) throw this.failure;
    if (!this.arrived) return false;
    this.arrived = false;
    return true;
  }

  // What follows is called by the client.

  submit(connection: pg.Connection): void {
    this.connection = connection;
    connection.query(this.text);
  }

  handleCopyData({ chunk }: { readonly chunk: Buffer }): void {
    this.onData(chunk);
    if (this.arrived) return;
    this.arrived = true;
    // The rest of what the socket gave comes nevertheless, before anybody wakes.
    this.connection?.stream.pause();
    this.awake();
  }

  handleCommandComplete(): void {
    this.done = true;
  }

  handleReadyForQuery(): void {
    this.done = true;
    this.connection?.stream.resume();
    this.awake();
  }

  handleError(error: Error): void {
    this.failure ??= error;
    this.connection?.stream.resume();
    this.awake();
  }

  private awake(): void {
    this.wake?.();
    this.wake = null;
  }
}
