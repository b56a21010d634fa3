import { commentDrafts, type DraftPlace } from './comment-drafts';

const place: DraftPlace = { user_id: 'u', kind: 'image', id: 7 };
const draft = { text: 'The edge is', mentioned: [{ user_id: 'b', name: 'Bo' }] };

/** As browsers have it. */
class MemoryStorage {
  readonly items = new Map<string, string>();
  getItem = (key: string) => this.items.get(key) ?? null;
  setItem = (key: string, value: string) => void this.items.set(key, value);
  removeItem = (key: string) => void this.items.delete(key);
}

const give = (value: unknown) =>
  Object.defineProperty(globalThis, 'sessionStorage', { configurable: true, ...(value as object) });
beforeEach(() => give({ value: new MemoryStorage() }));
afterAll(() => Reflect.deleteProperty(globalThis, 'sessionStorage'));

test('a draft is there again where it was begun, and nowhere else', () => {
  commentDrafts.keep(place, draft);
  expect(commentDrafts.read(place)).toEqual(draft);
  for (const other of [{ id: 8 }, { kind: 'answer' }, { user_id: 'v' }] as const)
    expect(commentDrafts.read({ ...place, ...other })).toBeNull();
});

test('what was sent, given up or emptied is gone', () => {
  commentDrafts.keep(place, draft);
  commentDrafts.drop(place);
  expect(commentDrafts.read(place)).toBeNull();
  commentDrafts.keep(place, draft);
  commentDrafts.keep(place, { text: ' ', mentioned: [] });
  expect(commentDrafts.read(place)).toBeNull();
});

test('a browser that keeps nothing, or no more, stops nobody from writing', () => {
  give({
    get: () => {
      throw new DOMException('denied', 'SecurityError');
    },
  });
  commentDrafts.keep(place, draft);
  expect(commentDrafts.read(place)).toBeNull();
  const full = new MemoryStorage();
  full.setItem = () => {
    throw new DOMException('full', 'QuotaExceededError');
  };
  give({ value: full });
  commentDrafts.keep(place, draft);
  expect(commentDrafts.read(place)).toBeNull();
});
