import { z } from 'zod';
import type { EndpointSpec, ProjectAccess, SystemAccess } from './endpoint.js';
import { ENDPOINTS } from './endpoints.js';
import { errorBody } from './errors.js';
import { geometryShapes } from './schemas/geometry.js';

type Json = Record<string, unknown>;

const SUCCESS_TEXT: Readonly<Record<number, string>> = {
  200: 'Done',
  201: 'Created',
  202: 'Accepted: still running',
  204: 'Done, nothing to answer',
  206: 'Part of the bytes',
  304: 'Unchanged',
  413: 'Nothing taken: too large',
  415: 'Nothing taken: not an image that is read here',
  422: 'Nothing taken: see the list',
  503: 'Not ready',
};

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    reused: 'inline',
    override: ({ zodSchema, jsonSchema: target }) => {
      const meta = z.globalRegistry.get(zodSchema) as { wire?: string } | undefined;
      if (meta?.wire) Object.assign(target, { $ref: `#/components/schemas/${meta.wire}` });
    },
  });
  return JSON.parse(JSON.stringify(rest), (key, value: unknown) => (key === 'wire' ? undefined : value)) as Json;
}

function parameters(spec: EndpointSpec): Json[] {
  const list = (schema: z.ZodObject | undefined, where: string) => {
    if (!schema) return [];
    const { properties = {}, required = [] } = jsonSchema(schema, 'input') as {
      properties?: Record<string, Json>;
      required?: string[];
    };
    return Object.entries(properties).map(([name, property]) => ({
      name,
      in: where,
      required: where === 'path' || required.includes(name),
      schema: property,
    }));
  };
  return [...list(spec.params, 'path'), ...list(spec.query, 'query')];
}

function requestBody(spec: EndpointSpec): Json | undefined {
  if (spec.body_kind === 'multipart') {
    const file = { type: 'array', items: { type: 'string', format: 'binary' } };
    return {
      required: true,
      content: { 'multipart/form-data': { schema: { type: 'object', properties: { file, files: file } } } },
    };
  }
  if (spec.body_kind === 'raw')
    return { required: true, content: { '*/*': { schema: { type: 'string', format: 'binary' } } } };
  return spec.body && { required: true, content: { 'application/json': { schema: jsonSchema(spec.body, 'input') } } };
}

function responses(spec: EndpointSpec): Json {
  const content = spec.events
    ? { 'text/event-stream': { schema: jsonSchema(spec.events, 'output') } }
    : spec.response && { 'application/json': { schema: jsonSchema(spec.response, 'output') } };
  const answers = [spec.status, ...(spec.other_statuses ?? [])].map((status) => [
    String(status),
    { description: SUCCESS_TEXT[status] ?? 'Done', ...(content && { content }) },
  ]);
  return { ...(Object.fromEntries(answers) as Json), default: { $ref: '#/components/responses/Error' } };
}

function accessText(access: ProjectAccess | SystemAccess): string {
  return 'system' in access
    ? `Needs a system role that may do \`${access.system}\`.`
    : `Needs a role that may do \`${access.action}\`${access.or_self ? ', or to be the member it is about' : ''}.`;
}

/** The OpenAPI 3.1 document of every endpoint, made of the same schemas that parse requests. */
export function openApiDocument(version: string): Json {
  const paths: Record<string, Json> = {};
  for (const [name, entry] of Object.entries(ENDPOINTS)) {
    const spec: EndpointSpec = entry;
    (paths[spec.path] ??= {})[spec.method.toLowerCase()] = {
      operationId: name.replace('.', '_'),
      summary: spec.summary,
      tags: [spec.tag],
      security: spec.access === 'public' || spec.access === 'signed' ? [] : [{ bearer: [] }, { session: [] }],
      ...(typeof spec.access === 'object' && { description: accessText(spec.access) }),
      parameters: parameters(spec),
      ...(requestBody(spec) && { requestBody: requestBody(spec) }),
      responses: responses(spec),
    };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Labelyard',
      version,
      description: 'Image labeling with exports you can trust.',
      license: { name: 'Apache-2.0' },
    },
    paths,
    components: {
      schemas: { Geometry: jsonSchema(geometryShapes, 'output'), Error: jsonSchema(errorBody, 'output') },
      responses: {
        Error: {
          description: 'What went wrong and what to do',
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
        },
      },
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: 'labelyard_session' },
      },
    },
  };
}
