import { Ledger } from './ledger.mjs';

const box = (x) => ({ type: 'bbox', bbox: [x, 2, 3, 4] });
const row = (id, values = {}) => ({
  id,
  image_id: 7,
  version: 1,
  class_id: 5,
  state: 'draft',
  geometry: box(1),
  ...values,
});

/** Annotation 1 changed once, 2 deleted, 3 as it was made, on another image. */
function ledger() {
  const kept = new Ledger();
  kept.applied(row(1));
  kept.applied(row(1, { version: 2, geometry: box(9) }));
  kept.applied(row(2));
  kept.applied(null, 2);
  kept.applied(row(3, { image_id: 8 }));
  return kept;
}
const all = [row(1, { version: 2, geometry: box(9) }), row(3, { image_id: 8 })];

test('what is as acknowledged is not lost', () => {
  expect(ledger().lost(all)).toEqual([]);
  expect(ledger().lost(all.slice(0, 1), 7)).toEqual([]);
  expect(ledger().writes).toBe(5);
});

test.each([
  ['gone', all.slice(1), /1 is gone/],
  ['of an older version', [row(1), all[1]], /1 is \[1,.*acknowledged was \[2,/],
  ['of another value', [{ ...all[0], geometry: box(8) }, all[1]], /1 is \[2,/],
  ['back', [...all, row(2)], /2 is there; its deletion/],
  ['of nobody', [...all, row(4)], /4 was acknowledged to nobody/],
])('one that is %s is found', (_what, rows, problem) => {
  expect(ledger().lost(rows)).toEqual([expect.stringMatching(problem)]);
});

test('confirming an image takes its drafts one version further', () => {
  const kept = ledger();
  kept.confirmed(7);
  kept.confirmed(7);
  expect(kept.ofImage(7)).toEqual([row(1, { version: 3, state: 'confirmed', geometry: box(9) })]);
  expect(kept.ofImage(8)).toEqual([row(3, { image_id: 8 })]);
});

test('two holders at a time are found, one after the other are not', () => {
  const kept = new Ledger();
  kept.held({ image_id: 1, person: 'ann', from: 0, to: 10 });
  kept.held({ image_id: 1, person: 'ben', from: 10, to: 20 });
  kept.held({ image_id: 2, person: 'ben', from: 5, to: 8 });
  kept.held({ image_id: 1, person: 'ben', from: 15, to: 16 });
  expect(kept.doubleHolders()).toEqual([]);
  kept.held({ image_id: 1, person: 'cat', from: 18, to: 30 });
  expect(kept.doubleHolders()).toEqual(['image 1 was held by ben and cat']);
});
