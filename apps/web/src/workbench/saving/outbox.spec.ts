import { jest } from '@jest/globals';
import { ApiError, type Operation, type OperationResult } from '@labelyard/contract';
import type { Annotation, TaskType } from '@labelyard/domain';
import { createEditor, newShape, shapeFromAnnotation, type Editor, type Shape } from '@labelyard/editor';
import fc from 'fast-check';
import { MaintenanceNews } from '@/features/maintenance/maintenance-news';
import type { ConfirmationRecord, JournalRecord, JournalScope } from './journal';
import type { OutboxChange } from './image-outbox';
import { Outbox, type OutboxOptions } from './outbox';
import { storedAnnotation } from './stored-annotation';

const IMAGE = { id: 5, width: 100, height: 100 };

/** The server's rules in miniature: versions checked, each operation applied once. */
class FakeServer {
  readonly rows = new Map<number, Annotation>();
  private readonly done = new Map<string, OperationResult>();
  private nextId = 1;
  /** Every create that was really carried out. */
  creates = 0;

  apply(operations: readonly Operation[]): OperationResult[] {
    return operations.map((operation) => {
      const known = this.done.get(operation.op_id);
      if (known) return known;
      const result = this.carryOut(operation);
      if (result.status === 'applied') this.done.set(operation.op_id, result);
      return result;
    });
  }

  private carryOut(operation: Operation): OperationResult {
    const { op_id } = operation;
    if (operation.op === 'create') {
      this.creates++;
      const row = storedAnnotation({
        id: this.nextId++,
        geometry: operation.geometry,
        class_id: operation.class_id ?? null,
      });
      this.rows.set(row.id, row);
      return { op_id, status: 'applied', annotation: row };
    }
    const row = this.rows.get(operation.annotation_id);
    if (!row) return { op_id, status: 'not_found', annotation: null };
    if (row.version !== operation.version) return { op_id, status: 'conflict', annotation: row };
    if (operation.op === 'delete') {
      this.rows.delete(row.id);
      return { op_id, status: 'applied', annotation: null };
    }
    const { op: _op, op_id: _id, annotation_id: _row, version, ...change } = operation;
    const next = { ...row, ...change, version: version + 1 } as Annotation;
    this.rows.set(row.id, next);
    return { op_id, status: 'applied', annotation: next };
  }
}

class MemoryJournal {
  readonly records = new Map<string, JournalRecord>();
  readonly confirmations = new Map<number, ConfirmationRecord>();

  async write(scope: JournalScope, { put, forget }: OutboxChange) {
    for (const entry of put) this.records.set(entry.shape_id, structuredClone({ ...scope, entry, written_at: 0 }));
    for (const shape_id of forget) this.records.delete(shape_id);
  }

  async read() {
    return structuredClone([...this.records.values()]);
  }

  async writeConfirmation(scope: JournalScope, confirmation: { task_type: TaskType; confirmed: boolean }) {
    this.confirmations.set(scope.image_id, { ...scope, ...confirmation, written_at: 0 });
  }

  async forgetConfirmation({ image_id }: JournalScope) {
    this.confirmations.delete(image_id);
  }

  async readConfirmations() {
    return [...this.confirmations.values()];
  }
}

type Network = (operations: readonly Operation[]) => Promise<readonly OperationResult[]>;

/** One tab's life: an editor on the image as the server holds it, plus what the journal kept. */
async function openTab(
  server: FakeServer,
  journal: MemoryJournal,
  network: { send: Network },
  more: Partial<OutboxOptions> = {},
) {
  const editor = createEditor();
  let scheduled: (() => void) | null = null;
  const outbox = new Outbox({
    user_id: '1',
    session: 's',
    project_id: 1,
    journal,
    send: (_image, operations) => network.send(operations),
    onSaved: (image_id, results) => editor.markSaved(image_id, results),
    setTimer: (run) => {
      scheduled = run;
      return () => (scheduled = null);
    },
    confirm: () => Promise.resolve(),
    now: () => 0,
    ...more,
  });
  await outbox.restore();
  expect(await outbox.isReady(IMAGE.id)).toBe(true);
  const stored = [...server.rows.values()].map(shapeFromAnnotation);
  const image = outbox.of(IMAGE.id);
  for (const { base } of image.all) {
    if (base?.annotation_id != null)
      editor.markSaved(IMAGE.id, [{ sent: base, saved: { ...base, annotation_id: base.annotation_id } }]);
  }
  editor.setTaskTypes(['detection']);
  editor.setClasses([{ id: 1 }]);
  editor.load(IMAGE, stored, image.restoredEdits(stored));
  editor.onDiff((event) => outbox.record(event));
  return { editor, outbox, isScheduled: () => scheduled !== null };
}

const box = (x: number) => ({ type: 'bbox' as const, bbox: [x, 1, 5, 5] as const });
const draw = (editor: Editor, x: number) =>
  editor.edit({ create: [newShape({ task_type: 'detection', class_id: 1, geometry: box(x) })] });
const move = (editor: Editor, shape: Shape, x: number) => editor.edit({ update: [[shape.id, { geometry: box(x) }]] });
const xs = (shapes: Iterable<{ geometry: unknown }>) =>
  [...shapes].map((shape) => (shape.geometry as { bbox: number[] }).bbox[0] ?? NaN).sort((a, b) => a - b);

const online = (server: FakeServer): { send: Network } => ({ send: async (operations) => server.apply(operations) });

test('an edit is in the journal before it is sent, and gone from it when it is stored', async () => {
  const [server, journal] = [new FakeServer(), new MemoryJournal()];
  const seen: number[] = [];
  const { editor, outbox } = await openTab(server, journal, {
    send: async (operations) => {
      seen.push(journal.records.size);
      return server.apply(operations);
    },
  });
  draw(editor, 10);
  await outbox.flush();
  await outbox.journaled();
  expect(seen).toEqual([1]);
  expect(journal.records.size).toBe(0);
  expect(outbox.state).toEqual({ kind: 'saved' });
  expect(editor.shapes[0]).toMatchObject({ annotation_id: 1, version: 1 });
});

test('an edit is handed to the journal at once, however long the one before it takes there, and sent when both are in it', async () => {
  const [server, journal] = [new FakeServer(), new MemoryJournal()];
  const { editor, outbox } = await openTab(server, journal, online(server));
  const slow: (() => void)[] = [];
  jest.spyOn(journal, 'write').mockImplementation(async (scope, change) => {
    await MemoryJournal.prototype.write.call(journal, scope, change);
    await new Promise<void>((done) => slow.push(done));
  });
  draw(editor, 10);
  draw(editor, 20);
  expect(xs([...journal.records.values()].flatMap(({ entry }) => entry.wanted ?? []))).toEqual([10, 20]);
  const sent = outbox.flush();
  await new Promise(setImmediate);
  expect(server.creates).toBe(0);
  while (slow.length > 0) {
    for (const done of slow.splice(0)) done();
    await new Promise(setImmediate);
  }
  await sent;
  expect(server.creates).toBe(2);
});

test('edits made while a batch is on its way go out after it, on the new version', async () => {
  const [server, journal] = [new FakeServer(), new MemoryJournal()];
  const network = online(server);
  const { editor, outbox } = await openTab(server, journal, network);
  draw(editor, 10);
  network.send = async (operations) => {
    network.send = async (later) => server.apply(later);
    move(editor, editor.shapes[0]!, 20);
    return server.apply(operations);
  };
  await outbox.flush();
  expect(xs(server.rows.values())).toEqual([20]);
  expect(server.rows.get(1)?.version).toBe(2);
});

test('a shape drawn and deleted before it was sent never reaches the server', async () => {
  const [server, journal] = [new FakeServer(), new MemoryJournal()];
  const { editor, outbox } = await openTab(server, journal, online(server));
  draw(editor, 10);
  editor.edit({ remove: [editor.shapes[0]!.id] });
  await outbox.flush();
  await outbox.journaled();
  expect(server.creates).toBe(0);
  expect(journal.records.size).toBe(0);
});

test('a lost answer is asked for again and nothing is stored twice', async () => {
  const [server, journal] = [new FakeServer(), new MemoryJournal()];
  const network: { send: Network } = {
    send: async (operations) => {
      server.apply(operations);
      throw new ApiError(0, 'unreachable', 'cut');
    },
  };
  const { editor, outbox, isScheduled } = await openTab(server, journal, network);
  draw(editor, 10);
  await outbox.flush();
  expect(outbox.state).toMatchObject({ kind: 'waiting', reason: 'offline', pending: 1 });
  expect(isScheduled()).toBe(true);
  network.send = online(server).send;
  await outbox.flush();
  expect(server.creates).toBe(1);
  expect(outbox.state.kind).toBe('saved');
});

test('an expired session keeps everything until the person signs in again', async () => {
  const [server, journal] = [new FakeServer(), new MemoryJournal()];
  const network: { send: Network } = { send: async () => Promise.reject(new ApiError(401, 'unauthorized', 'expired')) };
  const { editor, outbox } = await openTab(server, journal, network);
  draw(editor, 10);
  await outbox.flush();
  expect(outbox.state).toEqual({ kind: 'signed_out', pending: 1 });
  network.send = online(server).send;
  await outbox.flush();
  expect(xs(server.rows.values())).toEqual([10]);
});

describe('somebody else was faster', () => {
  async function conflict(change: (server: FakeServer) => void) {
    const [server, journal] = [new FakeServer(), new MemoryJournal()];
    server.rows.set(9, storedAnnotation({ id: 9, geometry: box(10) }));
    const { editor, outbox } = await openTab(server, journal, online(server));
    move(editor, editor.shapes[0]!, 20);
    change(server);
    await outbox.flush();
    return { server, editor, outbox, id: editor.shapes[0]!.id };
  }
  const moved = (server: FakeServer) => server.rows.set(9, storedAnnotation({ id: 9, geometry: box(30), version: 2 }));

  test('the conflict waits for a decision and nothing is overwritten', async () => {
    const { server, outbox } = await conflict(moved);
    expect(xs(server.rows.values())).toEqual([30]);
    expect(outbox.state).toEqual({ kind: 'attention', pending: 1, problems: 1 });
  });

  test('mine wins: it is sent on the current version', async () => {
    const { server, outbox, id } = await conflict(moved);
    outbox.resolve(IMAGE.id, id, 'mine');
    await outbox.flush();
    expect(server.rows.get(9)).toMatchObject({ geometry: box(20), version: 3 });
    expect(outbox.state.kind).toBe('saved');
  });

  test('theirs wins: nothing is sent and their row is handed to the editor', async () => {
    const { server, outbox, id } = await conflict(moved);
    expect(outbox.resolve(IMAGE.id, id, 'theirs')).toMatchObject({ geometry: box(30), version: 2 });
    await outbox.flush();
    expect(server.rows.get(9)?.version).toBe(2);
    expect(outbox.state.kind).toBe('saved');
  });

  test('a shape deleted by others comes back as a new one when mine wins', async () => {
    const { server, outbox, id } = await conflict((other) => other.rows.delete(9));
    expect(server.rows.size).toBe(0);
    outbox.resolve(IMAGE.id, id, 'mine');
    await outbox.flush();
    expect(xs(server.rows.values())).toEqual([20]);
  });

  test('both did the same: nobody is asked', async () => {
    const { outbox, editor } = await conflict((other) =>
      other.rows.set(9, storedAnnotation({ id: 9, geometry: box(20), version: 2 })),
    );
    expect(outbox.state.kind).toBe('saved');
    expect(editor.shapes[0]?.version).toBe(2);
    expect(editor.unsaved().updated).toEqual([]);
  });
});

test('a refused shape is kept and goes out again once edited', async () => {
  const [server, journal] = [new FakeServer(), new MemoryJournal()];
  const network: { send: Network } = {
    send: async (operations) =>
      operations.map(({ op_id }) => ({
        op_id,
        status: 'rejected',
        annotation: null,
        issues: [{ path: 'geometry', code: 'outside', message: 'lies outside' }],
      })),
  };
  const { editor, outbox } = await openTab(server, journal, network);
  draw(editor, 10);
  await outbox.flush();
  expect(outbox.state).toEqual({ kind: 'attention', pending: 1, problems: 1 });
  expect(journal.records.size).toBe(1);
  network.send = online(server).send;
  move(editor, editor.shapes[0]!, 11);
  await outbox.flush();
  expect(xs(server.rows.values())).toEqual([11]);
});

describe('a request refused as a whole', () => {
  test('because it is too large goes out in smaller ones', async () => {
    const [server, journal] = [new FakeServer(), new MemoryJournal()];
    // As a proxy says it, which knows nothing of our errors.
    const tooLarge = new ApiError(413, 'internal', 'The server answered 413');
    const sizes: number[] = [];
    const { editor, outbox } = await openTab(server, journal, {
      send: async (operations) => {
        sizes.push(operations.length);
        if (operations.length > 3) throw tooLarge;
        return server.apply(operations);
      },
    });
    for (let x = 1; x <= 10; x++) draw(editor, x);
    await outbox.flush();
    expect(xs(server.rows.values())).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(outbox.state).toEqual({ kind: 'saved' });
    expect(sizes.slice(0, 3)).toEqual([10, 5, 2]);
  });

  test('because of one shape stores the others', async () => {
    const [server, journal] = [new FakeServer(), new MemoryJournal()];
    const isBad = (operation: Operation) => operation.op === 'create' && xs([operation])[0] === 7;
    const { editor, outbox } = await openTab(server, journal, {
      send: async (operations) => {
        if (operations.some(isBad)) throw new ApiError(422, 'validation_failed', 'operations.6: not a shape');
        return server.apply(operations);
      },
    });
    for (let x = 1; x <= 10; x++) draw(editor, x);
    await outbox.flush();
    expect(xs(server.rows.values())).toEqual([1, 2, 3, 4, 5, 6, 8, 9, 10]);
    expect(outbox.problems).toMatchObject([{ entry: { problem: { kind: 'rejected' } } }]);
  });
});

test('a role that was taken away stops sending and keeps the work', async () => {
  const [server, journal] = [new FakeServer(), new MemoryJournal()];
  let calls = 0;
  const { editor, outbox } = await openTab(server, journal, {
    send: async () => {
      calls++;
      throw new ApiError(403, 'forbidden', 'no longer a member');
    },
  });
  draw(editor, 10);
  await outbox.flush();
  await outbox.flush();
  expect(calls).toBe(1);
  expect(outbox.of(IMAGE.id).problems[0]?.problem).toMatchObject({ kind: 'refused' });
});

describe('what was refused because a right was missing', () => {
  async function refused(
    count: number,
    network = { send: async () => Promise.reject(forbidden) } as { send: Network },
  ) {
    const [server, journal] = [new FakeServer(), new MemoryJournal()];
    const tab = await openTab(server, journal, network);
    for (let x = 1; x <= count; x++) draw(tab.editor, x);
    await tab.outbox.flush();
    return { ...tab, server, journal, network };
  }
  const forbidden = new ApiError(403, 'forbidden', 'no longer a member');

  test('is sent again all at once when the right is back', async () => {
    const { outbox, server, network, journal } = await refused(3);
    expect(outbox.problems).toHaveLength(3);
    network.send = online(server).send;
    outbox.resolveRefused('mine');
    await outbox.flush();
    expect(xs(server.rows.values())).toEqual([1, 2, 3]);
    expect(outbox.state).toEqual({ kind: 'saved' });
    expect(journal.records.size).toBe(0);
  });

  test('is sent when the image it is of is back, and not when another one is', async () => {
    const gone = new ApiError(404, 'not_found', 'The image does not exist');
    const { outbox, server, network } = await refused(2, { send: async () => Promise.reject(gone) });
    network.send = online(server).send;
    outbox.resendRefused([IMAGE.id + 1]);
    await outbox.flush();
    expect(outbox.problems).toHaveLength(2);
    outbox.resendRefused([IMAGE.id + 1, IMAGE.id]);
    await outbox.flush();
    expect(xs(server.rows.values())).toEqual([1, 2]);
    expect(outbox.state).toEqual({ kind: 'saved' });
  });

  test('is dropped all at once, and nothing else is', async () => {
    const { outbox, editor, server, network } = await refused(3);
    network.send = online(server).send;
    draw(editor, 9);
    const dropped = outbox.resolveRefused('theirs');
    expect(dropped.map(({ image_id, entry }) => [image_id, entry.base])).toEqual(Array(3).fill([IMAGE.id, null]));
    await outbox.flush();
    expect(xs(server.rows.values())).toEqual([9]);
    expect(outbox.resolveRefused('mine')).toEqual([]);
  });

  test('is not stored twice when it had arrived before, unheard', async () => {
    const network: { send: Network } = { send: async () => Promise.reject(forbidden) };
    const { outbox, server } = await refused(1, network);
    network.send = async (operations) => {
      server.apply(operations);
      network.send = async () => Promise.reject(forbidden);
      throw new ApiError(0, 'unreachable', 'cut');
    };
    outbox.resolveRefused('mine');
    await outbox.flush();
    await outbox.flush();
    expect(outbox.state.kind).toBe('attention');
    network.send = online(server).send;
    outbox.resolveRefused('mine');
    await outbox.flush();
    expect(server.creates).toBe(1);
    expect(outbox.state.kind).toBe('saved');
  });
});

test('a browser without a journal still saves', async () => {
  const server = new FakeServer();
  const journal = new MemoryJournal();
  journal.write = async () => Promise.reject(new Error('quota'));
  const { editor, outbox } = await openTab(server, journal, online(server));
  draw(editor, 10);
  await outbox.flush();
  expect(xs(server.rows.values())).toEqual([10]);
});

test('whatever is cut and whenever the tab dies, the server ends with exactly what was drawn', async () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('draw' as const), x: fc.integer({ min: 1, max: 90 }) }),
    fc.record({ kind: fc.constant('move' as const), pick: fc.nat(), x: fc.integer({ min: 1, max: 90 }) }),
    fc.record({ kind: fc.constant('remove' as const), pick: fc.nat() }),
    fc.record({ kind: fc.constant('undo' as const) }),
    fc.record({ kind: fc.constant('redo' as const) }),
    fc.record({
      kind: fc.constant('send' as const),
      fate: fc.constantFrom('ok', 'lost_request', 'lost_answer', 'edit_meanwhile'),
    }),
    fc.record({ kind: fc.constant('crash' as const) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const [server, journal] = [new FakeServer(), new MemoryJournal()];
      const network = online(server);
      let tab = await openTab(server, journal, network);
      const pick = (n: number) => tab.editor.shapes[n % Math.max(tab.editor.shapes.length, 1)];
      for (const current of steps) {
        if (current.kind === 'draw') draw(tab.editor, current.x);
        if (current.kind === 'undo') tab.editor.undo();
        if (current.kind === 'redo') tab.editor.redo();
        if (current.kind === 'move') {
          const shape = pick(current.pick);
          if (shape) move(tab.editor, shape, current.x);
        }
        if (current.kind === 'remove') {
          const shape = pick(current.pick);
          if (shape) tab.editor.edit({ remove: [shape.id] });
        }
        if (current.kind === 'send') {
          network.send = async (operations) => {
            network.send = online(server).send;
            if (current.fate === 'lost_request') throw new ApiError(0, 'unreachable', 'cut');
            if (current.fate === 'edit_meanwhile') draw(tab.editor, 42);
            const results = server.apply(operations);
            if (current.fate === 'lost_answer') throw new ApiError(0, 'unreachable', 'cut');
            return results;
          };
          await tab.outbox.flush();
        }
        if (current.kind === 'crash') {
          network.send = online(server).send;
          await tab.outbox.journaled();
          const wanted = xs(tab.editor.shapes);
          tab.outbox.close();
          tab = await openTab(server, journal, network);
          expect(xs(tab.editor.shapes)).toEqual(wanted);
        }
      }
      network.send = online(server).send;
      await tab.outbox.flush();
      await tab.outbox.journaled();
      expect(tab.outbox.state).toEqual({ kind: 'saved' });
      expect(xs(server.rows.values())).toEqual(xs(tab.editor.shapes));
      expect(journal.records.size).toBe(0);
      expect(tab.editor.unsaved()).toEqual({ created: [], updated: [], removed: [] });
    }),
    { numRuns: 300 },
  );
});

describe('in maintenance', () => {
  const notice = { reason: 'Moving', expected_end: null, started_at: '2026-01-01T00:00:00.000Z' };
  const refusal = new ApiError(503, 'maintenance', 'Moving');
  const done = { image_id: IMAGE.id, task_type: 'detection' as const, confirmed: true };

  test('nothing is sent, everything is kept, and all of it goes through when it ends', async () => {
    const [server, journal, maintenance] = [new FakeServer(), new MemoryJournal(), new MaintenanceNews()];
    const confirmed: { shapes: number; image_id: number }[] = [];
    const confirm = async ({ image_id }: { image_id: number }) =>
      void confirmed.push({ shapes: server.rows.size, image_id });
    const network = { send: jest.fn(online(server).send) };
    let timer = () => {};
    const setTimer = (run: () => void) => {
      timer = run;
      return () => undefined;
    };
    const { editor, outbox } = await openTab(server, journal, network, { maintenance, confirm, setTimer });
    maintenance.hear(notice);
    draw(editor, 10);
    await outbox.confirmLater(done);
    await outbox.flush();
    // A tab closed with a try under way could not open the image again before maintenance is over.
    timer();
    await outbox.journaled();
    expect(network.send).not.toHaveBeenCalled();
    expect(outbox.state).toMatchObject({ kind: 'waiting', reason: 'maintenance', pending: 2 });
    expect([journal.records.size, journal.confirmations.size]).toEqual([1, 1]);

    // The tab is closed and opened again while it lasts: the image opens, with what was drawn.
    const later = await openTab(server, journal, network, { maintenance, confirm });
    outbox.close();
    expect(xs(later.editor.shapes)).toEqual([10]);
    maintenance.hear(null);
    await later.outbox.flush();
    await later.outbox.journaled();
    expect(xs(server.rows.values())).toEqual([10]);
    expect(confirmed).toEqual([{ shapes: 1, image_id: IMAGE.id }]);
    expect([journal.records.size, journal.confirmations.size]).toEqual([0, 0]);
    expect(later.outbox.state).toEqual({ kind: 'saved' });
  });

  test('a refusal that comes before the news leaves the image open to a reload', async () => {
    const [server, journal] = [new FakeServer(), new MemoryJournal()];
    const network: { send: Network } = { send: () => Promise.reject(refusal) };
    const { editor, outbox } = await openTab(server, journal, network);
    draw(editor, 10);
    await outbox.flush();
    await outbox.journaled();
    expect(outbox.inMaintenance).toBe(true);
    expect([...journal.records.values()].map(({ entry }) => entry.sent)).toEqual([null]);
    const later = await openTab(server, journal, network);
    expect(xs(later.editor.shapes)).toEqual([10]);
  });

  test('news that come while a try is under way wait for its answer before the image is opened', async () => {
    const [server, journal, maintenance] = [new FakeServer(), new MemoryJournal(), new MaintenanceNews()];
    const answer = Promise.withResolvers<never>();
    const network: { send: Network } = { send: () => answer.promise };
    const { editor, outbox } = await openTab(server, journal, network, { maintenance });
    draw(editor, 10);
    const sending = outbox.flush();
    await outbox.journaled();
    maintenance.hear(notice);
    const ready = outbox.isReady(IMAGE.id);
    answer.reject(refusal);
    expect(await ready).toBe(true);
    await sending;
  });

  test('what left before and was never answered stays as it is', async () => {
    const [server, journal] = [new FakeServer(), new MemoryJournal()];
    const network: { send: Network } = {
      send: async (operations) => {
        server.apply(operations);
        throw new ApiError(0, 'unreachable', 'cut');
      },
    };
    const { editor, outbox } = await openTab(server, journal, network);
    draw(editor, 10);
    await outbox.flush();
    network.send = () => Promise.reject(refusal);
    await outbox.flush();
    network.send = online(server).send;
    await outbox.flush();
    expect(server.creates).toBe(1);
  });

  test('whoever edits an image on has not done with it', async () => {
    const [server, journal, maintenance] = [new FakeServer(), new MemoryJournal(), new MaintenanceNews()];
    const confirm = jest.fn(() => Promise.resolve());
    const { editor, outbox } = await openTab(server, journal, online(server), { maintenance, confirm });
    maintenance.hear(notice);
    await outbox.confirmLater(done);
    draw(editor, 10);
    maintenance.hear(null);
    await outbox.flush();
    expect(confirm).not.toHaveBeenCalled();
    expect(journal.confirmations.size).toBe(0);
  });

  test('a confirmation that is refused for good is told and forgotten; one that may succeed later is tried again', async () => {
    const [server, journal] = [new FakeServer(), new MemoryJournal()];
    const answers = [new ApiError(0, 'unreachable', 'cut'), new ApiError(404, 'not_found', 'gone')];
    const told: unknown[] = [];
    const { outbox } = await openTab(server, journal, online(server), {
      confirm: () => Promise.reject(answers.shift() ?? new Error('asked once too often')),
      onConfirmed: (_confirmation, failure) => void told.push(failure?.code),
    });
    await outbox.confirmLater(done);
    await outbox.flush();
    expect(outbox.state).toMatchObject({ kind: 'waiting', reason: 'offline', pending: 1 });
    expect(told).toEqual([]);
    await outbox.flush();
    expect(told).toEqual(['not_found']);
    expect(outbox.state).toEqual({ kind: 'saved' });
  });

  test('a browser that keeps nothing does not say that it waits', async () => {
    const journal = new MemoryJournal();
    journal.writeConfirmation = () => Promise.reject(new Error('refused'));
    const { outbox } = await openTab(new FakeServer(), journal, online(new FakeServer()));
    await expect(outbox.confirmLater(done)).rejects.toThrow('refused');
    expect(outbox.state).toEqual({ kind: 'saved' });
  });
});
