import type pg from 'pg';
import { CopiedRows } from './copied-rows.js';

type Listener = (bytes: Buffer) => void;

/**
 * A `COPY … TO STDOUT (FORMAT binary)` as pg's client runs it. Rows are read from what the socket gives: pg would make three objects of each,
 * and Node.js' streams copies, which pile up faster than they are collected. Whatever else the server says pg is told.
 */
export class CopyOut implements pg.Submittable {
  readonly rows = new CopiedRows((message) => this.pass(message));
  private connection: pg.Connection | null = null;
  private protocol: Listener[] = [];
  private failure: Error | null = null;
  private arrived = false;
  private done = false;
  private wake: (() => void) | null = null;

  constructor(private readonly query: string) {}

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

  private readonly read: Listener = (bytes) => {
    this.rows.push(bytes);
    giveBack(bytes);
    this.arrived = true;
    this.connection?.stream.pause();
    this.awake();
  };

  private pass(message: Buffer): void {
    for (const listener of this.protocol) listener.call(this.connection?.stream, message);
  }

  private awake(): void {
    this.wake?.();
    this.wake = null;
  }

  /** Gives the socket back to pg. */
  private release(): void {
    const { connection, protocol } = this;
    if (!connection) return;
    this.connection = null;
    connection.stream.off('data', this.read);
    for (const listener of protocol) connection.stream.on('data', listener);
    connection.stream.resume();
  }

  // What follows is called by the client.

  submit(connection: pg.Connection): void {
    const { stream } = connection;
    this.connection = connection;
    this.protocol = stream.listeners('data') as Listener[];
    for (const listener of this.protocol) stream.off('data', listener);
    stream.on('data', this.read);
    connection.query(`copy (${this.query}) to stdout (format binary)`);
  }

  handleCommandComplete(): void {
    this.done = true;
  }

  handleReadyForQuery(): void {
    this.done = true;
    this.release();
    this.awake();
  }

  handleError(error: Error): void {
    this.failure ??= error;
    this.connection?.stream.resume();
    this.awake();
  }
}

/** Memory of what was copied, at once: it would pile up until somebody finds that it is garbage. */
function giveBack(bytes: Buffer): void {
  const { buffer, byteLength } = bytes;
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}
