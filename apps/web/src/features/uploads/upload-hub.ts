import type { OnDuplicate } from '@labelyard/contract';
import type { RunTools } from './run-tools';
import type { Sorting } from './picked-files';
import type { UploadItem } from './upload-item';
import { UploadRun } from './upload-run';
import { snapshotOf, type RunSnapshot } from './upload-snapshot';
import type { StoredRun, UploadStore } from './upload-store';

export interface UploadTarget {
  readonly dataset_id: number;
  readonly project_id: number;
  readonly name: string;
}

export interface HubTools extends Omit<RunTools, 'store' | 'onChange'> {
  readonly openStore: () => Promise<UploadStore | null>;
  readonly newId: () => string;
  /** Calls `task` later, once; asked again meanwhile, still once. */
  readonly soon: (task: () => void) => void;
  /** Whether this tab may carry on the stored upload; another tab may be doing that. Kept until the tab closes. */
  readonly claim: (runId: string) => Promise<boolean>;
}

/** All uploads of one person in this tab: one per dataset. What a page needs of them comes as snapshots. */
export class UploadHub {
  private readonly runs = new Map<number, UploadRun>();
  private readonly listeners = new Set<() => void>();
  private shown: readonly RunSnapshot[] = [];
  private opened: Promise<UploadStore | null> | null = null;
  private userId: string | null = null;
  /** Uploads this tab has claimed, also those of people who were here before. */
  private readonly mine = new Set<string>();
  /** Pickings in their order: two at once must not begin two uploads of one dataset. */
  private adding: Promise<void> = Promise.resolve();
  /** Pickings whose archives are being opened, by dataset. */
  private readonly opening = new Map<number, number>();

  constructor(private readonly tools: HubTools) {}

  /** Brings back what this person's last visit left unfinished. Called again after signing in anew, it goes on. */
  async open(userId: string): Promise<void> {
    if (this.userId === userId) {
      for (const upload of this.runs.values()) if (upload.phase === 'stopped') upload.resume();
      return;
    }
    // Somebody else has signed in: what the one before left stays on disk for them.
    for (const upload of this.runs.values()) upload.pause();
    this.runs.clear();
    this.userId = userId;
    const store = await this.store();
    for (const stored of (await store?.runsOf(userId)) ?? []) {
      if (this.runs.has(stored.dataset_id) || !(await this.claim(stored.id))) continue;
      const items = (await store?.itemsOf(stored.id)) ?? [];
      if (this.userId !== userId) return;
      this.begin(stored, store, items).resume();
    }
    this.publish();
  }

  /** Adds picked files to the dataset's upload, or begins one. */
  add(target: UploadTarget, picked: Sorting | Promise<Sorting>, on_duplicate: OnDuplicate): Promise<void> {
    const { userId } = this;
    this.countOpening(target.dataset_id, 1);
    const add = async () => {
      const { accepted, refused } = await picked;
      // Opening a large archive takes a while: it is not for whoever signed in meanwhile.
      if (accepted.length + refused.length === 0 || this.userId !== userId) return;
      const current = this.runs.get(target.dataset_id);
      // What is over and told about makes room; what could still be needed stays and takes the files in.
      if (current?.phase === 'finished') await this.dismiss(target.dataset_id);
      const upload = this.runs.get(target.dataset_id) ?? (await this.create(target, on_duplicate));
      await upload.add(accepted, on_duplicate, refused);
    };
    this.adding = this.adding.then(add, add).finally(() => this.countOpening(target.dataset_id, -1));
    return this.adding;
  }

  /** Whether picked files are still being looked at. */
  isOpening(datasetId: number): boolean {
    return this.opening.has(datasetId);
  }

  get(datasetId: number): UploadRun | undefined {
    return this.runs.get(datasetId);
  }

  /** Stops an upload and forgets it. */
  async dismiss(datasetId: number): Promise<void> {
    const upload = this.runs.get(datasetId);
    this.runs.delete(datasetId);
    await upload?.discard();
    this.publish();
  }

  /** Whether leaving the page would interrupt something. */
  get active(): boolean {
    return [...this.runs.values()].some(({ phase }) => phase === 'running' || phase === 'paused');
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** The same array until something changed. */
  readonly snapshots = (): readonly RunSnapshot[] => this.shown;

  private async claim(runId: string): Promise<boolean> {
    if (this.mine.has(runId)) return true;
    const claimed = await this.tools.claim(runId);
    if (claimed) this.mine.add(runId);
    return claimed;
  }

  private countOpening(datasetId: number, by: 1 | -1): void {
    const count = (this.opening.get(datasetId) ?? 0) + by;
    if (count > 0) this.opening.set(datasetId, count);
    else this.opening.delete(datasetId);
    this.tools.soon(this.publish);
  }

  private store(): Promise<UploadStore | null> {
    return (this.opened ??= this.tools.openStore());
  }

  private async create({ dataset_id, project_id, name }: UploadTarget, on_duplicate: OnDuplicate): Promise<UploadRun> {
    const stored: StoredRun = {
      id: this.tools.newId(),
      user_id: this.userId ?? '',
      dataset_id,
      project_id,
      dataset_name: name,
      on_duplicate,
      created_at: new Date(this.tools.now()).toISOString(),
    };
    await this.claim(stored.id);
    return this.begin(stored, await this.store(), []);
  }

  private begin(stored: StoredRun, store: UploadStore | null, items: readonly UploadItem[]): UploadRun {
    const upload = new UploadRun(
      stored,
      { ...this.tools, store, onChange: () => this.tools.soon(this.publish) },
      items,
    );
    this.runs.set(stored.dataset_id, upload);
    return upload;
  }

  private readonly publish = (): void => {
    this.shown = [...this.runs.values()].map(snapshotOf);
    for (const listener of this.listeners) listener();
  };
}
