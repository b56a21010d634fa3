import type { Operation, OperationResult } from '@labelyard/contract';
import {
  shapeFromAnnotation,
  type DiffEvent,
  type RestoredEdits,
  type SaveResult,
  type Shape,
  type ShapeId,
} from '@labelyard/editor';
import {
  answered,
  edited,
  isSettled,
  keptMine,
  nextOperation,
  tookTheirs,
  type Entry,
  type SentOperation,
} from './entry';

/** Most operations of one request: enough to be fast, few enough to be answered well within a second. */
export const BATCH_SIZE = 500;

/** What excludes each other ("no object" and objects, a class given twice) takes turns: the old one goes before the new one comes. */
const TURN: Readonly<Record<Operation['op'], number>> = { delete: 0, update: 1, create: 2 };

/** An entry with an operation that left, or is about to. */
type Leaving = Entry & { readonly sent: SentOperation };

/** Which entries changed: what the journal has to write and to forget. */
export interface OutboxChange {
  readonly put: readonly Entry[];
  readonly forget: readonly ShapeId[];
}

/**
 * What is not yet known to be saved of one image. Independent of the editor, so that it goes on after the person moved
 * to the next image, and of time and network, so that every interleaving can be tested.
 */
export class ImageOutbox {
  private readonly entries = new Map<ShapeId, Entry>();
  private passages = 0;
  private most = BATCH_SIZE;

  constructor(
    readonly image_id: number,
    restored: readonly Entry[] = [],
  ) {
    for (const entry of restored) this.entries.set(entry.shape_id, entry);
  }

  get size(): number {
    return this.entries.size;
  }

  get all(): readonly Entry[] {
    return [...this.entries.values()];
  }

  /** Grows whenever operations leave or are answered: what was read of the image across such a moment may be before or after them. */
  get traffic(): number {
    return this.passages;
  }

  /** Whether the server may hold more than is known here. */
  get hasUnanswered(): boolean {
    return this.all.some((entry) => entry.sent);
  }

  get problems(): readonly Entry[] {
    return this.all.filter((entry) => entry.problem);
  }

  /** Takes in what the editor's records did. Changes that came from the server are not the person's. */
  record({ diff, source }: DiffEvent): OutboxChange {
    if (source === 'remote') return { put: [], forget: [] };
    const changed: Entry[] = [];
    for (const shape of Object.values(diff.added)) changed.push(this.edit(shape.id, shape, null));
    for (const [from, to] of Object.values(diff.updated)) changed.push(this.edit(to.id, to, from));
    for (const shape of Object.values(diff.removed)) changed.push(this.edit(shape.id, null, shape));
    return this.store(changed);
  }

  /** What can be sent now: first what was sent before and never answered, unchanged; else new operations. */
  batch(newId: () => string): { operations: readonly SentOperation[]; change: OutboxChange } {
    const waiting = this.all.filter((entry): entry is Leaving => entry.sent !== null);
    if (waiting.length > 0) {
      this.passages++;
      return { operations: this.firstTurns(waiting), change: { put: [], forget: [] } };
    }
    const ready = this.all.flatMap((entry): Leaving[] => {
      const sent = nextOperation(entry, newId());
      return sent ? [{ ...entry, sent }] : [];
    });
    const operations = this.firstTurns(ready);
    if (operations.length > 0) this.passages++;
    const leaving = new Set(operations);
    return { operations, change: this.store(ready.filter(({ sent }) => leaving.has(sent))) };
  }

  /** Takes in the answer to a batch. `saved` is what the editor has to know of it. */
  settle(results: readonly OperationResult[]): { saved: SaveResult[]; change: OutboxChange } {
    this.passages++;
    this.most = Math.min(this.most * 2, BATCH_SIZE);
    const byOperation = new Map(results.map((result) => [result.op_id, result]));
    const saved: SaveResult[] = [];
    const changed: Entry[] = [];
    for (const entry of this.entries.values()) {
      const result = entry.sent && byOperation.get(entry.sent.operation.op_id);
      if (!entry.sent || !result) continue;
      const row = result.annotation && { ...shapeFromAnnotation(result.annotation), id: entry.shape_id };
      const next = answered(entry, result, row);
      changed.push(next);
      // Two people who did the same agree already: the editor only has to learn the row.
      const agreed = result.status === 'conflict' && isSettled(next);
      if (result.status === 'applied' || agreed) {
        const stored = row && row.annotation_id !== null ? { ...row, annotation_id: row.annotation_id } : null;
        saved.push({ sent: entry.sent.shape, saved: stored });
      }
    }
    return { saved, change: this.store(changed) };
  }

  /** These were certainly not done: whatever they were for is sent anew, as it is wanted then. */
  takeBack(operations: readonly Operation[]): OutboxChange {
    return this.store(this.among(operations).map((entry) => ({ ...entry, sent: null })));
  }

  /** A request was refused as a whole for something about it: the next one holds half of it, until what it is stands alone. */
  halve(operations: readonly Operation[]): void {
    this.most = Math.max(Math.floor(operations.length / 2), 1);
  }

  /** The server does not take these as they are. */
  reject(message: string, operations: readonly Operation[]): OutboxChange {
    const problem = { kind: 'rejected', messages: [message] } as const;
    return this.store(this.among(operations).map((entry) => ({ ...entry, sent: null, problem })));
  }

  /** The whole request was refused for good: nothing of it is sent again by itself. `fresh`: it had never left before. */
  refuse(message: string, operations: readonly Operation[], fresh: boolean): OutboxChange {
    return this.store(
      this.among(operations).map((entry) => {
        const unanswered = fresh ? null : entry.sent;
        return { ...entry, sent: null, problem: { kind: 'refused', messages: [message], unanswered } };
      }),
    );
  }

  /** The person decided about everything that was refused. */
  resolveRefused(winner: 'mine' | 'theirs'): { decided: readonly Entry[]; change: OutboxChange } {
    const refused = this.all.filter(({ problem }) => problem?.kind === 'refused');
    const decided = refused.map(winner === 'mine' ? keptMine : tookTheirs);
    return { decided, change: this.store(decided) };
  }

  /** The person decided about a problem. `theirs` is what the editor has to show then: a row, or null for nothing. */
  resolve(shape_id: ShapeId, winner: 'mine' | 'theirs'): { theirs: Shape | null; change: OutboxChange } | null {
    const entry = this.entries.get(shape_id);
    if (!entry?.problem) return null;
    const decided = winner === 'mine' ? keptMine(entry) : tookTheirs(entry);
    return { theirs: decided.base, change: this.store([decided]) };
  }

  /** What the editor has to do to its freshly loaded records to show the unsaved edits. */
  restoredEdits(stored: readonly Shape[]): RestoredEdits {
    const known = new Set(stored.map((shape) => shape.annotation_id));
    const onServer = (entry: Entry) => entry.base?.annotation_id != null && known.has(entry.base.annotation_id);
    return {
      create: this.all.flatMap((entry) => (entry.wanted && !onServer(entry) ? entry.wanted : [])),
      update: this.all.flatMap((entry) =>
        entry.wanted && onServer(entry) ? [[entry.shape_id, userFields(entry.wanted)] as const] : [],
      ),
      remove: this.all.flatMap((entry) => (entry.wanted ? [] : entry.shape_id)),
    };
  }

  private among(operations: readonly Operation[]): readonly Entry[] {
    const ids = new Set(operations.map(({ op_id }) => op_id));
    return this.all.filter(({ sent }) => sent && ids.has(sent.operation.op_id));
  }

  /** The operations of one request, in the order they go out. */
  private firstTurns(leaving: readonly Leaving[]): readonly SentOperation[] {
    const operations = leaving.map(({ sent }) => sent);
    return operations.sort((a, b) => TURN[a.operation.op] - TURN[b.operation.op]).slice(0, this.most);
  }

  private edit(shape_id: ShapeId, wanted: Shape | null, before: Shape | null): Entry {
    const base = before && before.annotation_id !== null ? before : null;
    const entry = this.entries.get(shape_id) ?? { shape_id, base, wanted: before, sent: null, problem: null };
    return edited(entry, wanted);
  }

  private store(changed: readonly Entry[]): OutboxChange {
    const put: Entry[] = [];
    const forget: ShapeId[] = [];
    for (const entry of changed) {
      if (isSettled(entry)) {
        this.entries.delete(entry.shape_id);
        forget.push(entry.shape_id);
      } else {
        this.entries.set(entry.shape_id, entry);
        put.push(entry);
      }
    }
    return { put, forget };
  }
}

function userFields({ class_id, geometry, attributes }: Shape) {
  return { class_id, geometry, attributes };
}
