/** What a step finds before it does anything. */
export interface Finding {
  /** Nothing to do: it is as the step would leave it. */
  readonly done: boolean;
  /** What is there and what would be done, in words. */
  readonly says: string;
  readonly data?: unknown;
}

/** What a step tells while it works. */
export interface StepReport {
  say(line: string): void;
  /** The total is null where nobody knows it. */
  progress(done: number, total: number | null, unit: string): void;
}

/**
 * One thing a run does. Every step can be run again: `inspect` looks at the world, not at what was written down, so that a run
 * that was killed goes on where it was.
 */
export interface Step<Context> {
  readonly id: string;
  readonly title: string;
  inspect(context: Context, signal: AbortSignal): Promise<Finding>;
  apply(context: Context, report: StepReport, signal: AbortSignal): Promise<unknown>;
  /** Proves that it is done. @throws YardError failed */
  verify?(context: Context): Promise<void>;
  /** Takes it back; absent where nothing needs to be. */
  rollback?(context: Context, report: StepReport, signal: AbortSignal): Promise<unknown>;
}
