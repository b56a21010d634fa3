import type { EndpointSpec } from '@labelyard/contract';
import type {} from '@fastify/multipart';
import { DomainError } from '@labelyard/domain';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';

/** One thing that is wrong with a request: `path` is the field, dotted, empty for the whole. */
export interface FieldProblem {
  readonly in: 'params' | 'query' | 'body' | 'header';
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

export type Part = 'params' | 'query' | 'body';
export const PARTS: readonly Part[] = ['params', 'query', 'body'];

/** Most problems listed; a request with thousands of bad items is told of these. */
const MOST_PROBLEMS = 100;

export class InvalidRequest extends DomainError {
  constructor(problems: readonly FieldProblem[]) {
    const [first] = problems;
    const where = first && [first.in, first.path].filter(Boolean).join('.');
    const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
    super(
      'validation_failed',
      `${where}: ${first?.message ?? 'is not valid'}${more}`,
      problems.slice(0, MOST_PROBLEMS),
    );
  }
}

/** The body is of a type that the endpoint does not read. */
export function unsupported(request: FastifyRequest, wanted: string): DomainError {
  const given = request.headers['content-type'];
  return new DomainError(
    'unsupported_media_type',
    `Send ${wanted}, not ${given ? `"${given}"` : 'a body without a content type'}`,
  );
}

/** What Fastify made of each part of the request. */
function received(request: FastifyRequest, spec: EndpointSpec, part: Part): unknown {
  if (part !== 'params' || spec.rest === undefined) return request[part];
  const { '*': rest, ...named } = request.params as Record<string, string>;
  return { ...named, [spec.rest]: rest };
}

/**
 * Parses parts of a request through the contract. A part the contract does not describe is answered as undefined.
 *
 * @throws InvalidRequest with the problems of all these parts
 */
export function parseParts(
  request: FastifyRequest,
  spec: EndpointSpec,
  parts: readonly Part[],
  into: Partial<Record<Part, unknown>>,
): void {
  const problems: FieldProblem[] = [];
  for (const part of parts) {
    const schema: z.ZodType | undefined = spec[part];
    if (!schema) continue;
    const value = received(request, spec, part);
    if (part !== 'body' && holdsNul(value))
      problems.push({ in: part, path: '', code: 'invalid_text', message: 'holds a NUL character' });
    const result = schema.safeParse(value ?? (part === 'body' ? undefined : {}));
    if (result.success) into[part] = result.data;
    // The form was left unread, so its fields are not what is wrong.
    else if (part === 'body' && request.isMultipart()) throw unsupported(request, 'application/json');
    else problems.push(...result.error.issues.map((issue) => toProblem(part, issue)));
  }
  if (problems.length > 0) throw new InvalidRequest(problems);
}

/** One field of a part, parsed as the contract says; null when it is missing or not valid. */
export function parseField(request: FastifyRequest, spec: EndpointSpec, part: Part, field: string): unknown {
  const schema = (spec[part] as z.ZodObject | undefined)?.shape[field] as z.ZodType | undefined;
  const values = received(request, spec, part) as Record<string, unknown> | null | undefined;
  const result = schema?.safeParse(values?.[field]);
  return result?.success ? result.data : null;
}

function holdsNul(values: unknown): boolean {
  return Object.values(values ?? {}).some((value) => typeof value === 'string' && value.includes('\0'));
}

function toProblem(part: Part, issue: z.core.$ZodIssue): FieldProblem {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys')
    return {
      in: part,
      path: [...path, issue.keys[0]].join('.'),
      code: issue.code,
      message: `is not a field here: ${issue.keys.map((key) => JSON.stringify(key.slice(0, 100))).join(', ')}`,
    };
  return { in: part, path: path.join('.'), code: issue.code, message: issue.message };
}
