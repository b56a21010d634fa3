import { toast, toastStore } from './toast-store';

afterEach(() => toastStore.get().forEach(({ id }) => toast.dismiss(id)));

test('the same words again replace the message instead of piling up', () => {
  toast.error('No connection');
  toast.error('No connection');
  toast.error('No connection', { detail: 'other' });
  expect(toastStore.get().map(({ title, detail }) => [title, detail])).toEqual([
    ['No connection', undefined],
    ['No connection', 'other'],
  ]);
});

test('at most four stay, the newest', () => {
  for (const n of [1, 2, 3, 4, 5]) toast.info(`message ${n}`);
  expect(toastStore.get().map(({ title }) => title)).toEqual(['message 2', 'message 3', 'message 4', 'message 5']);
});

test('readers are told of every change and can leave', () => {
  const seen: number[] = [];
  const stop = toastStore.subscribe(() => seen.push(toastStore.get().length));
  toast.dismiss(toast.success('Saved'));
  stop();
  toast.success('Unheard');
  expect(seen).toEqual([1, 0]);
});

test('errors and messages with an action stay longer', () => {
  toast.success('a');
  toast.error('b');
  toast.info('c', { action: { label: 'Undo', run: () => undefined } });
  const [a, b, c] = toastStore.get().map(({ duration }) => duration);
  expect(b).toBeGreaterThan(a ?? Infinity);
  expect(c).toBe(b);
});
