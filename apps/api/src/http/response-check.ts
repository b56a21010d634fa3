import { ENDPOINTS, type EndpointName, type EndpointSpec } from '@labelyard/contract';
import { z } from 'zod';
import { JsonText } from './json-text.js';

const strict_schemas = new Map<EndpointName, z.ZodType | null>();

/**
 * Tests and development: an answer that is not what the contract says, or says more, is a failed request. In production answers go out
 * unparsed.
 *
 * @throws Error naming the endpoint and every difference
 */
export function checkAnswer(name: EndpointName, status: number, answer: unknown): void {
  const spec: EndpointSpec = ENDPOINTS[name];
  const problems: string[] = [];
  if (![spec.status, ...(spec.other_statuses ?? [])].includes(status))
    problems.push(`status ${status} is not declared`);
  const schema = strictSchema(name);
  if (schema) {
    const value: unknown = answer instanceof JsonText ? JSON.parse(String(answer.text)) : answer;
    // What leaves is JSON: `undefined` members and dates are judged as they will arrive.
    const result = schema.safeParse(JSON.parse(JSON.stringify(value ?? null)));
    for (const issue of result.error?.issues ?? [])
      problems.push(`${issue.path.join('.') || '(answer)'}: ${issue.message}`);
  }
  if (problems.length > 0)
    throw new Error(`The answer of ${name} breaks the contract: ${problems.slice(0, 20).join('; ')}`);
}

function strictSchema(name: EndpointName): z.ZodType | null {
  let schema = strict_schemas.get(name);
  if (schema === undefined) {
    const { response }: EndpointSpec = ENDPOINTS[name];
    schema = response ? withoutExtras(response) : null;
    strict_schemas.set(name, schema);
  }
  return schema;
}

/** The same schema with every object closed, so that a member nobody declared is an error. */
function withoutExtras(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodObject) {
    const shape = Object.entries(schema.shape).map(([key, member]) => [key, withoutExtras(member as z.ZodType)]);
    return z.strictObject(Object.fromEntries(shape) as z.ZodRawShape);
  }
  if (schema instanceof z.ZodArray) return z.array(withoutExtras(schema.element as z.ZodType));
  if (schema instanceof z.ZodNullable) return withoutExtras(schema.unwrap() as z.ZodType).nullable();
  if (schema instanceof z.ZodOptional) return withoutExtras(schema.unwrap() as z.ZodType).optional();
  return schema;
}
