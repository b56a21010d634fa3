import type { ImageSort, ImageWalk, LabelerDb } from '../src/index.js';
import { createTestDatabases, type TestDatabases } from '../src/testing/index.js';
import { newWorld, type World } from './world.js';

let databases: TestDatabases;
let db: LabelerDb;
let world: World;

beforeAll(async () => {
  databases = await createTestDatabases();
  db = databases.labeler;
  world = await newWorld(db, 25);
});
afterAll(() => databases?.close());

/** Indexes (in upload order) of the images of every page, walking on until the end. */
async function walk(from: ImageWalk, sort: ImageSort, limit = 4): Promise<number[][]> {
  const pages: number[][] = [];
  let cursor: string | null = null;
  do {
    const page = await db.images.list(world.head, { sort, limit, ...(cursor === null ? from : { ...from, cursor }) });
    pages.push(page.items.map(({ id }) => world.images.indexOf(id)));
    cursor = page.next_cursor;
  } while (cursor !== null);
  return pages;
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n);

describe.each(['id', '-id', 'path', '-path', 'uploaded_at', 'size'] satisfies ImageSort[])('sorted by %s', (sort) => {
  const order = sort.startsWith('-') ? range(0, 25).reverse() : range(0, 25);
  const anchor = (at: number) => world.images[order[at] as number] as number;

  test('forward from an anchor: the anchor first, then the rest', async () => {
    expect((await walk({ anchor: anchor(10) }, sort)).flat()).toEqual(order.slice(10));
  });

  test('backward from an anchor: what stands before it, each page in the order of the sort', async () => {
    const pages = await walk({ anchor: anchor(10), direction: 'backward' }, sort);
    expect(pages).toEqual([order.slice(6, 10), order.slice(2, 6), order.slice(0, 2)]);
  });

  test('nothing stands before the first', async () => {
    expect(await walk({ anchor: anchor(0), direction: 'backward' }, sort)).toEqual([[]]);
  });
});

test('an anchor that is gone or of another dataset begins at the start', async () => {
  const other = await newWorld(db, 1);
  for (const anchor of [other.images[0], 999_999_999]) {
    expect((await walk({ anchor }, 'id', 100)).flat()).toEqual(range(0, 25));
  }
});

test('the anchor need not match the filter', async () => {
  const page = await db.images.list(world.head, {
    limit: 3,
    anchor: world.images[5],
    task_type: 'detection',
    status: 'not_started',
  });
  expect(page.items.map(({ id }) => id)).toEqual(world.images.slice(5, 8));
});
