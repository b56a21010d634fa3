import { ItemList } from './item-list';
import { picked } from './testing/run-setup';

test('sums follow every change', () => {
  const list = new ItemList('r');
  list.pick([picked('a.jpg', 4), picked('b.jpg', 6)]);
  expect([list.count('waiting'), list.totalBytes, list.sentBytes]).toEqual([2, 10, 0]);
  list.update(0, { state: 'announced' });
  list.setInFlight(0, 3);
  expect(list.sentBytes).toBe(3);
  expect(list.bytesOf(0)).toBe(3);
  list.update(0, { state: 'sent' });
  expect([list.sentBytes, list.bytesOf(0), list.count('sent')]).toEqual([4, 4, 1]);
});

test('a list that was shown does not change under its reader', () => {
  const list = new ItemList('r');
  list.pick([picked('a.jpg')]);
  const shown = list.all;
  list.update(0, { state: 'done' });
  expect(shown[0]?.state).toBe('waiting');
  expect(list.all[0]?.state).toBe('done');
  expect(list.all).toBe(list.all);
});

test('picking again: the same finished file stays, a changed one begins anew, a failed one is tried again', () => {
  const list = new ItemList('r');
  list.pick([picked('done.jpg'), picked('changed.jpg'), picked('failed.jpg')]);
  list.update(0, { state: 'done' });
  list.update(1, { state: 'done' });
  list.update(2, { state: 'failed', code: 'transfer_failed' });
  list.pick([picked('done.jpg'), picked('changed.jpg', 5), picked('failed.jpg'), picked('new.jpg')]);
  expect(list.all.map(({ path, state }) => [path, state])).toEqual([
    ['done.jpg', 'done'],
    ['changed.jpg', 'waiting'],
    ['failed.jpg', 'waiting'],
    ['new.jpg', 'waiting'],
  ]);
});

test('items without their bytes are missing and cannot be taken', () => {
  const list = new ItemList('r');
  list.pick([picked('a.jpg')]);
  const restored = new ItemList('r', list.all);
  expect([restored.missing, restored.take('waiting', 9)]).toEqual([1, []]);
  restored.pick([picked('a.jpg')]);
  expect([restored.missing, restored.take('waiting', 9).length]).toEqual([0, 1]);
});

test('refused files are listed with their reason and weigh nothing', () => {
  const list = new ItemList('r');
  list.pick([picked('a.jpg', 4)]);
  list.refuse([
    { path: 'notes.txt', size: 99, code: 'not_an_image' },
    { path: 'a.jpg', size: 4, code: 'duplicate_in_request' },
  ]);
  expect(list.all.map(({ path, state, code }) => [path, state, code])).toEqual([
    ['a.jpg', 'waiting', null],
    ['notes.txt', 'rejected', 'not_an_image'],
    ['a.jpg', 'rejected', 'duplicate_in_request'],
  ]);
  expect(list.totalBytes).toBe(4);
});

test('a name is the same however its letters are composed', () => {
  const list = new ItemList('r');
  list.pick([picked('가é.jpg'.normalize('NFC'))]);
  list.update(0, { state: 'done' });
  list.pick([picked('가é.jpg'.normalize('NFD'))]);
  expect(list.all).toMatchObject([{ state: 'done' }]);
});

test('of two files of one name the second is told about, once, and is not taken for the first later', () => {
  const list = new ItemList('r');
  const twin = { path: 'a.jpg', size: 9, code: 'duplicate_in_request' } as const;
  const pick = () => {
    list.pick([picked('a.jpg', 4)]);
    list.refuse([twin]);
  };
  pick();
  pick();
  expect(list.all.map(({ size, code }) => [size, code])).toEqual([
    [4, null],
    [9, 'duplicate_in_request'],
  ]);
  const restored = new ItemList('r', list.all);
  restored.pick([picked('a.jpg', 4)]);
  expect(restored.missing).toBe(0);
  expect(restored.count('waiting')).toBe(1);
});
