import { createHash } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { YardError } from '../cli/yard-error.js';

const envelope = z.object({
  kind: z.string(),
  made_at: z.iso.datetime(),
  /** What the plan was made from; when it is another one at apply time, the plan is stale. */
  basis: z.string(),
  body: z.unknown(),
  sha256: z.string(),
});

/** What is going to be done, written down before it is done. */
export interface Plan<Body> {
  readonly kind: string;
  readonly made_at: string;
  readonly basis: string;
  readonly body: Body;
  /** Of everything above, in canonical JSON. */
  readonly sha256: string;
}

/** Text that is the same for equal values, whatever the order of their members. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    member !== null && typeof member === 'object' && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}

function hashOf(content: Omit<Plan<unknown>, 'sha256'>): string {
  return createHash('sha256').update(canonicalJson(content)).digest('hex');
}

export function makePlan<Body>(kind: string, basis: string, body: Body, now = new Date()): Plan<Body> {
  const content = { kind, made_at: now.toISOString(), basis, body };
  return { ...content, sha256: hashOf(content) };
}

/** Written whole or not at all. */
export function writePlan(path: string, plan: Plan<unknown>): void {
  writeFileSync(`${path}.new`, `${JSON.stringify(plan, null, 2)}\n`, { mode: 0o600, flush: true });
  renameSync(`${path}.new`, path);
}

/**
 * A plan as it was made: one that was edited, cut or made for something else is refused.
 *
 * @throws YardError bad_input
 */
export function readPlan<Body>(path: string, kind: string, body: z.ZodType<Body>): Plan<Body> {
  const refuse = (why: string, cause?: unknown) =>
    new YardError('bad_input', `${path} ${why}.`, `Make a new plan: yard ${kind} plan.`, { cause });
  let read: unknown;
  try {
    read = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw refuse(`cannot be read (${(error as Error).message})`, error);
  }
  const plan = envelope.safeParse(read);
  if (!plan.success) throw refuse('is no plan of yard');
  const { sha256, ...content } = plan.data;
  if (content.kind !== kind) throw refuse(`is a plan for "${content.kind}", not for "${kind}"`);
  if (hashOf(content) !== sha256) throw refuse('was changed after it was made');
  const checked = body.safeParse(content.body);
  if (!checked.success) throw refuse('was made by another version of yard');
  return { ...content, body: checked.data, sha256 };
}

/** @throws YardError bad_input when what the plan was made from has changed */
export function refuseStale(plan: Plan<unknown>, basis: string): void {
  if (plan.basis === basis) return;
  throw new YardError(
    'bad_input',
    `The plan of ${plan.made_at} is stale: what it was made from has changed since.`,
    `Make a new plan: yard ${plan.kind} plan.`,
  );
}
