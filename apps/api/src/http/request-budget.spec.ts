import { DomainError } from '@labelyard/domain';
import { RequestBudget } from './request-budget.js';

function budget(limit: number, seconds: number) {
  const clock = { now: 1_000_000 };
  return { clock, spending: new RequestBudget({ limit, seconds }, () => clock.now) };
}

test('each has a budget of their own, and a new one in the next window', () => {
  const { clock, spending } = budget(2, 10);
  for (const who of ['a', 'a', 'b']) expect(spending.spendSafely(who)).toBeNull();
  expect(spending.spendSafely('a')).toMatchObject({ code: 'rate_limited', details: { retry_after: 10 } });
  clock.now += 9_500;
  expect(spending.spendSafely('a')).toMatchObject({ details: { retry_after: 1 } });
  expect(spending.spendSafely('b')).toBeNull();
  clock.now += 500;
  expect(spending.spendSafely('a')).toBeNull();
  expect(() => spending.spend('a')).not.toThrow();
  expect(() => spending.spend('a')).toThrow(DomainError);
});

test('without a limit nobody is counted', () => {
  const spending = new RequestBudget(null);
  for (let n = 0; n < 10_000; n += 1) spending.spend('a');
});
