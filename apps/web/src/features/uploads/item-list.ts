import type { RefusedFile } from './picked-files';
import {
  isFinal,
  isSameFile,
  nameOf,
  ITEM_STATES,
  needsBytes,
  newItem,
  type FileAtHand,
  type ItemState,
  type PickedFile,
  type UploadItem,
} from './upload-item';

/** Twins of a name that stands in the list already. */
const TWIN = 'duplicate_in_request';

/** All files of one upload with the bytes that are at hand; keeps the sums that a progress display asks for. */
export class ItemList {
  private readonly items: UploadItem[] = [];
  private shown: readonly UploadItem[] | null = null;
  /** By names whose letters are composed, as the server has them. */
  private readonly byPath = new Map<string, number>();
  private readonly twins = new Set<string>();
  private readonly byState = new Map<ItemState, Set<number>>(ITEM_STATES.map((state) => [state, new Set()]));
  private readonly files = new Map<number, FileAtHand>();
  private readonly inFlight = new Map<number, number>();
  private readonly dirty = new Set<number>();
  private arrived = 0;
  private total = 0;

  constructor(
    private readonly run_id: string,
    stored: readonly UploadItem[] = [],
  ) {
    for (const item of stored) this.append(item);
  }

  /** In their order. A new array after every change. */
  get all(): readonly UploadItem[] {
    return (this.shown ??= [...this.items]);
  }

  count(state: ItemState): number {
    return this.inState(state).size;
  }

  /** Bytes that are to arrive or have arrived. */
  get totalBytes(): number {
    return this.total;
  }

  /** Bytes that arrived, those of unfinished transfers included. */
  get sentBytes(): number {
    return [...this.inFlight.values()].reduce((sum, bytes) => sum + bytes, this.arrived);
  }

  get(n: number): UploadItem {
    const item = this.items[n];
    if (!item) throw new Error(`The upload has no file ${n}`);
    return item;
  }

  fileOf(n: number): FileAtHand | undefined {
    return this.files.get(n);
  }

  /** Bytes of one file that have gone out. */
  bytesOf(n: number): number {
    const item = this.get(n);
    if (needsBytes(item)) return this.inFlight.get(n) ?? 0;
    return item.state === 'failed' || item.state === 'rejected' ? 0 : item.size;
  }

  /** How many still need bytes that nobody has picked since the page was loaded. */
  get missing(): number {
    let count = 0;
    for (const state of ['waiting', 'announced'] as const)
      for (const n of this.inState(state)) if (!this.files.has(n)) count++;
    return count;
  }

  /**
   * Takes picked files in: those the upload already waits for get their bytes back, changed ones begin anew, finished ones
   * stay, unknown ones join at the end.
   */
  pick(picked: readonly PickedFile[]): void {
    for (const one of picked) {
      const n = this.byPath.get(nameOf(one.path));
      const item = n === undefined ? undefined : this.get(n);
      if (!item) {
        const added = newItem(this.run_id, this.items.length, one);
        this.files.set(added.n, one.file);
        this.append(added);
        this.dirty.add(added.n);
        continue;
      }
      const same = isSameFile(item, one);
      if (same && isFinal(item) && item.state !== 'failed') continue;
      this.files.set(item.n, one.file);
      if (same && item.state !== 'failed') continue;
      this.inFlight.delete(item.n);
      this.replace(newItem(this.run_id, item.n, one));
    }
    this.shown = null;
  }

  /** Takes in files that were refused before anything was sent, so that they are told about with the rest. */
  refuse(refused: readonly RefusedFile[]): void {
    for (const { path, size, code } of refused) {
      const name = nameOf(path);
      if (code === TWIN ? this.twins.has(name) : this.byPath.has(name)) continue;
      const item = newItem(this.run_id, this.items.length, { path, file: { size } });
      this.append({ ...item, state: 'rejected', code });
      this.dirty.add(item.n);
    }
  }

  update(n: number, change: Partial<UploadItem>): void {
    this.replace({ ...this.get(n), ...change });
  }

  /** Bytes of an unfinished transfer. */
  setInFlight(n: number, bytes: number): void {
    if (bytes > 0) this.inFlight.set(n, bytes);
    else this.inFlight.delete(n);
  }

  clearInFlight(): void {
    this.inFlight.clear();
  }

  /** The first `limit` files in a state whose bytes, where they are needed, are at hand and that `also` accepts. */
  take(state: ItemState, limit: number, also: (item: UploadItem) => boolean = () => true): UploadItem[] {
    const found: UploadItem[] = [];
    for (const n of this.inState(state)) {
      if (found.length === limit) break;
      const item = this.get(n);
      if ((!needsBytes(item) || this.files.has(n)) && also(item)) found.push(item);
    }
    return found;
  }

  /** Items that changed since the last call. */
  drainDirty(): UploadItem[] {
    const changed = [...this.dirty].map((n) => this.get(n));
    this.dirty.clear();
    return changed;
  }

  private inState(state: ItemState): Set<number> {
    return this.byState.get(state) ?? new Set();
  }

  private append(item: UploadItem): void {
    const name = nameOf(item.path);
    if (item.code === TWIN) this.twins.add(name);
    else this.byPath.set(name, item.n);
    this.items.push(item);
    this.account(item, 1);
    this.shown = null;
  }

  private replace(item: UploadItem): void {
    this.account(this.get(item.n), -1);
    this.items[item.n] = item;
    this.account(item, 1);
    this.dirty.add(item.n);
    this.shown = null;
    if (!needsBytes(item)) this.inFlight.delete(item.n);
    // A finished file need not be kept open.
    if (isFinal(item) && item.state !== 'failed') this.files.delete(item.n);
  }

  private account(item: UploadItem, sign: 1 | -1): void {
    if (sign === 1) this.inState(item.state).add(item.n);
    else this.inState(item.state).delete(item.n);
    // Nothing of these will arrive.
    if (item.state === 'rejected' || item.state === 'failed') return;
    this.total += sign * item.size;
    if (!needsBytes(item)) this.arrived += sign * item.size;
  }
}
