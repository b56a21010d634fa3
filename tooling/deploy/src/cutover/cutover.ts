import type { Step, StepReport } from '../steps/step.js';
import type { Installation } from './installation.js';
import type { MovablePart, Proof } from './part-move.js';
import type { Part } from './parts.js';
import type { WriteStop } from './write-stop.js';

/** What the steps of a cutover work with. */
export interface Cutover {
  readonly parts: readonly MovablePart[];
  readonly installation: Installation;
  /** Of the side it is moved from, and of the side it is moved to; the same where the Labeler DB stays. */
  readonly writes: { readonly from: WriteStop; readonly to: WriteStop };
  /** Begins to log changes where the installation is used, so that they can be taken over and writes can be stopped. */
  readonly watch: {
    isOn(signal: AbortSignal): Promise<boolean>;
    begin(report: StepReport, signal: AbortSignal): Promise<unknown>;
    /** The same where the Labeler DB stays, for the stop alone: another phase's way back may have ended it there. */
    beginStaying(report: StepReport, signal: AbortSignal): Promise<unknown>;
    /** Ends it on the side that is given, as far as no other side needs it. */
    end(side: 'from' | 'to', report: StepReport, signal: AbortSignal): Promise<void>;
  };
  readonly backup: ((report: StepReport, signal: AbortSignal) => Promise<unknown>) | null;
  /** Told when writes are stopped and open again, for the length of the stop. */
  readonly onStopped: (at: string) => void;
  readonly onOpened: () => void;
  readonly onProof: (part: Part, proof: Proof) => void;
}

export type CutoverStep = Step<Cutover>;
