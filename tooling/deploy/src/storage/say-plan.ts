import { CLASSES, type ObjectClass } from './join/classify.js';
import type { BucketPlan } from './plan/plan-body.js';
import { sayBytes, sayTally } from './say-reports.js';

/** A plan for one bucket in words. */
export function sayPlan({
  says,
  found,
  zero_byte,
  not_nfc,
  dangling,
  orphan,
  transfer,
  estimate,
}: BucketPlan): string[] {
  const minutes = Math.ceil(estimate.seconds / 60);
  return [
    says,
    ...(Object.keys(CLASSES) as ObjectClass[]).flatMap((name) => sayTally(name, CLASSES[name], found[name])),
    ...sayTally('zero_byte', 'no bytes in it', zero_byte),
    ...sayTally('not_nfc', 'R2 will list it under its NFC spelling', not_nfc),
    ...(dangling ? sayTally('dangling', 'the database speaks of it, the source does not have it', dangling) : []),
    ...(orphan ? sayTally('orphan', 'the database does not speak of it; is copied', orphan) : []),
    `  ${sayBytes(transfer.bytes)} in ${transfer.objects.toLocaleString('en')} objects; requests: ${transfer.class_a.toLocaleString('en')} ` +
      `class A, ${transfer.class_b.toLocaleString('en')} class B`,
    `  cost: $${estimate.requests_usd.toFixed(2)} once, $${estimate.month_usd.toFixed(2)} a month; time: about ${minutes} min`,
    `  (${estimate.assumes})`,
  ];
}
