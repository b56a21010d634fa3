import type { Finding, StepReport } from '../steps/step.js';
import type { Part } from './parts.js';

/** What a comparison of both ends came to. */
export interface Proof {
  readonly equal: boolean;
  /** One line for people. */
  readonly says: string;
  /** What differs, in words; the first of it where there is much. */
  readonly differences: readonly string[];
  /** Rows or objects compared. */
  readonly compared: number;
  readonly data: unknown;
}

/** One way of moving one part: forward, or back. All of it can be repeated. */
export interface PartMove {
  readonly part: Part;
  /** "labeler: localhost:5432/labeler → db.example:5432/railway". */
  readonly says: string;
  /** Whether everything was copied once, so that only changes are left. */
  copied(signal: AbortSignal): Promise<Finding>;
  /** Copies everything while people work on. */
  copy(report: StepReport, signal: AbortSignal): Promise<unknown>;
  /** Takes over what changed since; answers how much that was. */
  catchUp(report: StepReport, signal: AbortSignal): Promise<number>;
  /** The last changes, once nobody writes any more. @throws YardError when some are left */
  finish(report: StepReport, signal: AbortSignal): Promise<unknown>;
  /** Compares both ends while nobody writes. */
  prove(report: StepReport, signal: AbortSignal): Promise<Proof>;
}

/** A part and both of its ways. */
export interface MovablePart {
  readonly part: Part;
  readonly forward: PartMove;
  readonly back: PartMove;
  /** Makes the way back possible, before anybody uses the new side. */
  openWayBack(report: StepReport, signal: AbortSignal): Promise<void>;
  wayBackIsOpen(signal: AbortSignal): Promise<boolean>;
}
