import type { Action, SystemAction } from '@labelyard/domain';
import type { z } from 'zod';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Where the guard finds the row whose project decides: the last name says which kind of row it is. */
export type Subject =
  `${'params' | 'body' | 'query'}.${'dataset_id' | 'project_id' | 'image_id' | 'class_id' | 'annotation_id' | 'upload_id' | 'export_id' | 'import_id' | 'task_id' | 'split_id' | 'comment_id' | 'restore_id' | 'version_id'}`;

/**
 * Who may call: anybody (`public`), whoever holds a signed link (`signed`), anybody signed in (`self`, the service looks
 * only at the caller's own rows), people whose system role may do `system`, or members whose role may do `action` on the
 * project of `subject`.
 */
export type Access = 'public' | 'signed' | 'self' | SystemAccess | ProjectAccess;

export interface SystemAccess {
  readonly system: SystemAction;
}

export interface ProjectAccess {
  readonly action: Action;
  readonly subject: Subject;
  /** Members may do it to themselves, whatever their role: the person of `params.user_id`. */
  readonly or_self?: true;
  /** The annotation may have been deleted; its history still tells whose it was. */
  readonly even_deleted?: boolean;
}

/** How a request body is read: JSON (default), multipart form, or the raw stream. */
export type BodyKind = 'json' | 'multipart' | 'raw';

export interface EndpointSpec {
  readonly method: HttpMethod;
  /** Path with `{name}` parameters, from the server's root. */
  readonly path: string;
  readonly summary: string;
  readonly tag: string;
  readonly access: Access;
  readonly params?: z.ZodObject;
  /** The last parameter of the path, when it may hold slashes. */
  readonly rest?: string;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly body_kind?: BodyKind;
  readonly response?: z.ZodType;
  /** Instead of `response`: the answer is a stream of server-sent events, each of which carries this. */
  readonly events?: z.ZodType;
  /**
   * Whether it changes anything that must stand still in maintenance; whatever is no GET does, unless it says here that it does
   * not: it only reads, writes passing state alone (`PASSING_TABLES` of packages/db), or keeps back what is to be written.
   */
  readonly writes?: false;
  /** Status of the usual success; `other_statuses` lists further ones with the same body. */
  readonly status: number;
  readonly other_statuses?: readonly number[];
}

/** Whether maintenance keeps this from being done. */
export function isHeldInMaintenance({ method, writes }: Pick<EndpointSpec, 'method' | 'writes'>): boolean {
  return writes ?? method !== 'GET';
}

/** Keeps literal types, so that the client and the handlers are typed from the entry. */
export function endpoint<const E extends EndpointSpec>(spec: E): E {
  return spec;
}

type Input<T> = T extends z.ZodType ? z.input<T> : undefined;
type Output<T> = T extends z.ZodType ? z.output<T> : undefined;

/** What a caller passes. */
export interface EndpointInput<E extends EndpointSpec> {
  params: Input<E['params']>;
  query: Input<E['query']>;
  body: Input<E['body']>;
}

/** What a handler receives after parsing. */
export interface EndpointRequest<E extends EndpointSpec> {
  params: Output<E['params']>;
  query: Output<E['query']>;
  body: Output<E['body']>;
}

/** What a handler answers and a caller receives. */
export type EndpointResponse<E extends EndpointSpec> = E['response'] extends z.ZodType ? z.output<E['response']> : void;
