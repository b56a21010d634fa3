import { ApiError, type Client, type Operation, type OperationResult, type ProjectImage } from '@labelyard/contract';
import type { Annotation } from '@labelyard/domain';
import { newShape } from '@labelyard/editor';
import { Outbox } from '../saving/outbox';
import { BitmapCache, type Bitmap } from './bitmap-cache';
import { LabelSession } from './label-session';

const image = (id: number) => ({ id, url: `/${id}`, width: 100, height: 100 }) as ProjectImage;
const box = (x: number) => ({ type: 'bbox' as const, bbox: [x, 1, 5, 5] as const });
const later = () => new Promise((resolve) => setImmediate(resolve));

/** Holds what passes until it is opened. */
class Gate {
  private shut: PromiseWithResolvers<void> | null = null;

  close(): void {
    this.shut ??= Promise.withResolvers<void>();
  }

  open(): void {
    this.shut?.resolve();
    this.shut = null;
  }

  async pass(): Promise<void> {
    await this.shut?.promise;
  }
}

/** A server that stores boxes, with gates before and after it reads and writes. */
class SlowServer {
  readonly rows: Annotation[] = [];
  readonly gates = {
    before_read: new Gate(),
    after_read: new Gate(),
    before_write: new Gate(),
    after_write: new Gate(),
  };
  failing = new Map<string, ApiError>();
  private nextId = 1;

  readonly call = (async (name: string, { params }: { params: { image_id: number } }) => {
    const failure = this.failing.get(name);
    if (failure) throw failure;
    if (name !== 'annotations.of_image') return {};
    await this.gates.before_read.pass();
    const items = this.rows.filter((row) => row.image_id === params.image_id).map((row) => ({ ...row }));
    await this.gates.after_read.pass();
    return { items };
  }) as unknown as Client;

  readonly send = async (image_id: number, operations: readonly Operation[]): Promise<OperationResult[]> => {
    const failure = this.failing.get('send');
    if (failure) throw failure;
    await this.gates.before_write.pass();
    const results = operations.map((operation) => this.apply(image_id, operation));
    await this.gates.after_write.pass();
    return results;
  };

  apply(image_id: number, operation: Operation): OperationResult {
    const { op, op_id } = operation;
    if (op === 'create') {
      const { task_type, class_id, geometry } = operation;
      const row = {
        id: this.nextId++,
        image_id,
        version: 1,
        state: 'draft',
        task_type,
        class_id,
        geometry,
        annotation_type: geometry.type,
        attributes: {},
        confidence: null,
        source: 'manual',
      } as Annotation;
      this.rows.push(row);
      return { op_id, status: 'applied', annotation: row };
    }
    const at = this.rows.findIndex(({ id }) => id === operation.annotation_id);
    if (op === 'delete') this.rows.splice(at, 1);
    return { op_id, status: 'applied', annotation: null };
  }
}

function setup(server = new SlowServer()) {
  const outbox: Outbox = new Outbox({
    user_id: '1',
    session: 's',
    project_id: 1,
    journal: {
      read: () => Promise.resolve([]),
      write: () => Promise.resolve(),
      readConfirmations: () => Promise.resolve([]),
      writeConfirmation: () => Promise.resolve(),
      forgetConfirmation: () => Promise.resolve(),
    },
    send: server.send,
    confirm: () => Promise.resolve(),
    onSaved: (image_id, results) => session.editor.markSaved(image_id, results),
    setTimer: () => () => undefined,
    now: () => 0,
  });
  const session: LabelSession<Bitmap> = new LabelSession<Bitmap>({
    project_id: 1,
    api: server.call,
    outbox,
    bitmaps: new BitmapCache(() => Promise.resolve({ width: 1, height: 1, close: () => undefined })),
    showBitmap: () => undefined,
  });
  session.editor.setTaskTypes(['detection']);
  session.editor.setClasses([{ id: 1 }]);
  const draw = (x: number) =>
    session.editor.edit({ create: [newShape({ task_type: 'detection', class_id: 1, geometry: box(x) })] });
  const shown = () => session.editor.shapes.map(({ geometry }) => (geometry as ReturnType<typeof box>).bbox[0]);
  return { server, outbox, session, draw, shown };
}

describe('what is read of an image while its edits are on their way', () => {
  test('ahead, before they were stored, is not shown to whoever comes straight back', async () => {
    const { server, session, draw, shown } = setup();
    const { before_write } = server.gates;
    await session.open(image(1));
    draw(10);
    before_write.close();
    await session.open(image(2));
    session.prefetch([image(1)]);
    await later();
    before_write.open();
    await session.outbox.flush();
    await session.open(image(1));
    expect(shown()).toEqual([10]);
  });

  test('on opening it while the edits of another go first, is read again', async () => {
    const { server, session, draw, shown } = setup();
    server.failing.set('send', new ApiError(0, 'unreachable', 'cut'));
    for (const id of [1, 2]) {
      await session.open(image(id));
      draw(id * 10);
      await session.outbox.flush();
    }
    server.failing.clear();
    await session.open(image(3));
    server.gates.after_read.close();
    const opened = session.open(image(2));
    await session.outbox.flush();
    server.gates.after_read.open();
    await opened;
    expect(shown()).toEqual([20]);
  });

  test.each([
    ['before they were stored, does not take them off the screen', 'before_write', 'after_read'],
    ['after they were stored, does not show them twice', 'after_write', 'before_read'],
  ] as const)('%s', async (_name, write, read) => {
    const { server, session, outbox, draw, shown } = setup();
    await session.open(image(1));
    server.gates[write].close();
    server.gates[read].close();
    draw(10);
    const saving = outbox.flush();
    const reloading = session.reload(1);
    await later();
    if (write === 'before_write') {
      server.gates[write].open();
      await saving;
      server.gates[read].open();
    } else {
      server.gates[read].open();
      await later();
      server.gates[write].open();
    }
    await Promise.all([saving, reloading]);
    expect(shown()).toEqual([10]);
    expect(session.editor.shapes).toMatchObject([{ annotation_id: 1 }]);
  });

  test('does not bring back what is deleted meanwhile', async () => {
    const { server, session, outbox, draw, shown } = setup();
    await session.open(image(1));
    draw(10);
    await outbox.flush();
    server.gates.after_read.close();
    const reloading = session.reload(1);
    await later();
    session.editor.edit({ remove: session.editor.shapes.map(({ id }) => id) });
    await outbox.flush();
    server.gates.after_read.open();
    await reloading;
    expect(shown()).toEqual([]);
  });
});

describe('somebody else works on an image with edits of mine', () => {
  const locked = new ApiError(423, 'locked', 'Kim is working on this image');

  test('it can be left and opened again, edits and all', async () => {
    const { server, session, outbox, draw, shown } = setup();
    await session.open(image(1));
    server.failing.set('send', locked);
    draw(10);
    await outbox.flush();
    await session.open(image(2));
    await session.open(image(1));
    expect(session.state.kind).toBe('ready');
    expect(shown()).toEqual([10]);
    server.failing.clear();
    await outbox.flush();
    expect(server.rows).toHaveLength(1);
  });

  test('what they do is shown beside mine', async () => {
    const { server, session, outbox, draw, shown } = setup();
    await session.open(image(1));
    server.failing.set('send', locked);
    draw(10);
    await outbox.flush();
    server.apply(1, { op: 'create', op_id: 'x', task_type: 'detection', class_id: 1, geometry: box(50) });
    await session.reload(1);
    expect(shown().sort()).toEqual([10, 50]);
  });
});

test('what was refused is gone from the screen when it is given up, also when nothing may be edited any more', async () => {
  const { server, session, outbox, draw, shown } = setup();
  await session.open(image(1));
  server.failing.set('send', new ApiError(403, 'forbidden', 'You only read here'));
  draw(10);
  await outbox.flush();
  session.editor.setReadonly('role');
  session.resolve(1, session.editor.shapes[0]?.id ?? '', 'theirs');
  expect(shown()).toEqual([]);
  expect(outbox.state).toEqual({ kind: 'saved' });
});

test('a confirmation that was taken is not called failed because the labels could not be read again', async () => {
  const { server, session } = setup();
  await session.open(image(1));
  server.failing.set('annotations.of_image', new ApiError(0, 'unreachable', 'cut'));
  expect(await session.confirm('detection')).toBe('done');
});
