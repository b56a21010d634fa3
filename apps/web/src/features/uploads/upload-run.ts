import { ApiError } from '@labelyard/contract';
import type { ErrorCode } from '@labelyard/domain';
import { FileSender } from './file-sender';
import { ItemList } from './item-list';
import { Patience } from './patience';
import { RateMeter } from './rate-meter';
import type { RefusedFile } from './picked-files';
import type { RunTools } from './run-tools';
import type { PickedFile, UploadItem } from './upload-item';
import { UploadSessions } from './upload-sessions';
import type { StoredRun } from './upload-store';

/** Files announced in one request. */
const ANNOUNCE_BATCH = 200;
/** Announced files kept ready, so that no transfer waits for an announcement. */
const READY_AHEAD = 40;
/** Files completed in one request, and how long the first of them may wait. */
const COMPLETE_BATCH = 25;
const COMPLETE_AFTER_MS = 2_000;

/**
 * - interrupted: what is left needs files that must be picked again, after a reload
 * - stopped: the server refused for good; see `stoppedBy`
 */
export type RunPhase = 'running' | 'paused' | 'stopped' | 'interrupted' | 'finished';

/**
 * One upload: has files announced in batches, sends their bytes straight to the storage, has them completed in batches, and
 * keeps every step in the browser's database. Knows neither page nor framework.
 */
export class UploadRun {
  readonly items: ItemList;
  readonly meter = new RateMeter();
  private readonly patience: Patience;
  private readonly sessions: UploadSessions;
  private readonly sender: FileSender;
  private readonly sending = new Set<number>();
  private readonly busy = { announcing: false, completing: false };
  private firstSentAt: number | null = null;
  private control: AbortController | null = null;
  private paused = false;
  private refusal: ErrorCode | null = null;
  private discarded = false;
  private saving: Promise<void> = Promise.resolve();

  constructor(
    private stored: StoredRun,
    private readonly tools: RunTools,
    items: readonly UploadItem[] = [],
  ) {
    this.items = new ItemList(stored.id, items);
    this.patience = new Patience(tools);
    this.sessions = new UploadSessions(this.items, tools, this.patience);
    const onProgress = () => {
      this.meter.sample(tools.now(), this.items.sentBytes);
      // What has waited long enough need not wait for a large file to end.
      if (this.control) this.startCompleting(this.control.signal);
      tools.onChange();
    };
    const onPart = () => void this.save();
    this.sender = new FileSender(this.items, this.sessions, this.patience, tools, onProgress, onPart);
  }

  get run(): StoredRun {
    return this.stored;
  }

  get phase(): RunPhase {
    const sent = this.items.count('sent');
    if (this.items.count('waiting') + this.items.count('announced') + sent === 0) return 'finished';
    if (this.refusal) return 'stopped';
    if (this.paused) return 'paused';
    return sent === 0 && !this.hasWork() ? 'interrupted' : 'running';
  }

  /** Why it stopped for good: signed out, not allowed any more, dataset deleted. */
  get stoppedBy(): ErrorCode | null {
    return this.refusal;
  }

  /** Whether it waits for the other side to come back. */
  get waiting(): boolean {
    return this.patience.waiting;
  }

  /** Takes files in and goes on. `on_duplicate` is for what is announced from now on; `refused` are only told about. */
  async add(
    picked: readonly PickedFile[],
    on_duplicate = this.stored.on_duplicate,
    refused: readonly RefusedFile[] = [],
  ): Promise<void> {
    this.stored = { ...this.stored, on_duplicate };
    this.items.pick(picked);
    this.items.refuse(refused);
    await this.save(async () => this.tools.store?.saveRun(this.stored));
    this.resume();
  }

  resume(): void {
    this.paused = false;
    this.refusal = null;
    this.control ??= new AbortController();
    this.pump();
  }

  /** Stops at once; unfinished transfers begin anew later, arrived parts stay. */
  pause(): void {
    this.paused = true;
    this.halt();
  }

  /** Tries those again that gave up. */
  retryFailed(): void {
    for (const { n, state } of this.items.all)
      if (state === 'failed')
        this.items.update(n, { state: 'waiting', upload_id: null, parts: [], code: null, resent: 0 });
    this.resume();
  }

  /** Stops and forgets. What the server was told about runs out there by itself. */
  async discard(): Promise<void> {
    this.pause();
    await this.save(async () => this.tools.store?.deleteRun(this.stored.id));
    this.discarded = true;
  }

  /** Resolves when everything so far is on disk. */
  settled(): Promise<void> {
    return this.saving;
  }

  private halt(): void {
    this.control?.abort(new DOMException('The upload was halted', 'AbortError'));
    this.control = null;
    this.items.clearInFlight();
    this.meter.reset();
    void this.save();
    this.tools.onChange();
  }

  private hasWork(): boolean {
    return this.items.take('waiting', 1).length + this.items.take('announced', 1).length > 0;
  }

  /** Starts whatever can be started now. Called after every change. */
  private readonly pump = (): void => {
    const signal = this.control?.signal;
    if (signal) {
      this.startAnnouncing(signal);
      this.startSending(signal);
      this.startCompleting(signal);
    }
    this.tools.onChange();
  };

  private startAnnouncing(signal: AbortSignal): void {
    if (this.busy.announcing || this.items.take('announced', READY_AHEAD).length === READY_AHEAD) return;
    const batch = this.items.take('waiting', ANNOUNCE_BATCH);
    if (batch.length === 0) return;
    this.busy.announcing = true;
    void this.step(signal, () => this.sessions.announce(batch, this.stored, signal)).finally(() => {
      this.busy.announcing = false;
      this.pump();
    });
  }

  private startSending(signal: AbortSignal): void {
    for (const { n } of this.items.take('announced', READY_AHEAD, (item) => !this.sending.has(item.n))) {
      if (!this.tools.slots.tryTake(this.pump)) break;
      this.sending.add(n);
      void this.step(signal, () => this.sender.send(n, signal)).finally(() => {
        this.sending.delete(n);
        if (this.items.get(n).state === 'sent') this.firstSentAt ??= this.tools.now();
        this.tools.slots.give();
        this.pump();
      });
    }
  }

  /** Completes files of one session once there are enough, the first has waited long enough, or nothing else is left. */
  private startCompleting(signal: AbortSignal): void {
    const [first] = this.items.take('sent', 1);
    if (this.busy.completing || !first) return;
    const batch = this.items.take('sent', COMPLETE_BATCH, ({ upload_id }) => upload_id === first.upload_id);
    const waited = this.firstSentAt === null ? Infinity : this.tools.now() - this.firstSentAt;
    const idle = this.sending.size === 0 && !this.busy.announcing && !this.hasWork();
    if (batch.length < COMPLETE_BATCH && waited < COMPLETE_AFTER_MS && !idle) return;
    this.busy.completing = true;
    this.firstSentAt = this.tools.now();
    void this.step(signal, async () => {
      const made = await this.sessions.complete(batch, signal);
      if (made > 0) this.tools.onImages(this.stored);
    }).finally(() => {
      this.busy.completing = false;
      this.pump();
    });
  }

  /** Does one thing and writes down what it changed. What the server refuses for good ends the upload. */
  private async step(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (signal.aborted) return;
      this.refusal = error instanceof ApiError && error.code !== 'unreachable' ? error.code : 'internal';
      this.halt();
    } finally {
      await this.save();
    }
  }

  /** Writes what changed, one write after the other. A full or forbidden disk must not end the upload. */
  private save(also: () => Promise<void> | undefined = async () => undefined): Promise<void> {
    this.saving = this.saving.then(async () => {
      if (this.discarded) return;
      try {
        await this.tools.store?.saveItems(this.items.drainDirty());
        await also();
      } catch (error) {
        if (!(error instanceof DOMException)) throw error;
      }
    });
    return this.saving;
  }
}
