import { ERROR_CODES, type ErrorCode } from '@labelyard/domain';
import type { EndpointInput, EndpointResponse } from './endpoint.js';
import { ENDPOINTS, type EndpointName, type Endpoints } from './endpoints.js';

/** An answer that was not a success, or no answer of the server at all (code `unreachable`; `status` 0, or a proxy's). */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    readonly code: ErrorCode | 'unreachable',
    message: string,
    readonly details?: unknown,
    readonly request_id?: string,
    /** Seconds the server asked to wait. */
    readonly retry_after?: number,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

export interface ClientOptions {
  /** Origin of the API, or '' for same-origin calls. */
  readonly origin: string;
  readonly token?: string;
  readonly fetch?: typeof fetch;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
  /** Let the request finish although the page goes away. */
  readonly keepalive?: boolean;
}

type Call<Name extends EndpointName> = {
  [
    K in keyof EndpointInput<Endpoints[Name]> as EndpointInput<Endpoints[Name]>[K] extends undefined ? never : K
  ]: EndpointInput<Endpoints[Name]>[K];
};

export type Client = <Name extends EndpointName>(
  name: Name,
  input: Partial<Call<Name>> & Pick<Call<Name>, Extract<'params', keyof Call<Name>>>,
  options?: CallOptions,
) => Promise<EndpointResponse<Endpoints[Name]>>;

/** Fills `{name}` in a path and appends the query; undefined query values are left out. */
export function endpointUrl(name: EndpointName, params: object = {}, query: object = {}): string {
  const values = params as Record<string, string | number>;
  const path = ENDPOINTS[name].path.replace(/\{(\w+)\}/gu, (_match, key: string) =>
    encodeURIComponent(String(values[key])),
  );
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query))
    if (value !== undefined && value !== null) search.set(key, String(value));
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}

/** A typed caller for every JSON endpoint. Throws {@link ApiError} for anything but a success. */
export function createClient({ origin, token, fetch: fetcher = fetch }: ClientOptions): Client {
  return async (name, input, options = {}) => {
    const { params, query, body } = input as { params?: object; query?: object; body?: unknown };
    const headers: Record<string, string> = { accept: 'application/json', ...options.headers };
    if (token) headers.authorization = `Bearer ${token}`;
    if (body !== undefined) headers['content-type'] = 'application/json';
    let response: Response;
    try {
      response = await fetcher(origin + endpointUrl(name, params, query), {
        method: ENDPOINTS[name].method,
        headers,
        body: body === undefined ? undefined : JSON.stringify(body),
        credentials: 'same-origin',
        signal: options.signal,
        keepalive: options.keepalive,
      });
    } catch (cause) {
      if (options.signal?.aborted) throw cause;
      throw unreachable(0, 'The server cannot be reached', { cause });
    }
    if (!response.ok) throw await toApiError(response);
    if (response.status === 204) return undefined as never;
    try {
      return (await response.json()) as never;
    } catch (cause) {
      if (options.signal?.aborted) throw cause;
      // It died while it spoke: whatever was asked may be done.
      throw unreachable(0, 'The answer broke off', { cause });
    }
  };
}

function unreachable(status: number, message: string, more: { retry_after?: number; cause?: unknown } = {}): ApiError {
  return new ApiError(status, 'unreachable', message, undefined, undefined, more.retry_after, more);
}

/**
 * Reads an error answer. One that is not ours keeps its status: 5xx is a proxy's, which does not reach the server, anything else has the
 * code `internal`.
 */
export async function toApiError(response: Response): Promise<ApiError> {
  const body = (await response.json().catch(() => null)) as {
    error?: { code?: string; message?: string; details?: unknown; request_id?: string };
  } | null;
  const error = body?.error;
  const wait = Number(response.headers.get('retry-after'));
  const retry_after = Number.isFinite(wait) && wait > 0 ? wait : undefined;
  if (!error && response.status >= 500)
    return unreachable(response.status, `A proxy answered ${response.status}: it does not reach the server`, {
      retry_after,
    });
  const code = (ERROR_CODES as readonly string[]).includes(error?.code ?? '') ? (error?.code as ErrorCode) : 'internal';
  return new ApiError(
    response.status,
    code,
    error?.message ?? `The server answered ${response.status}`,
    error?.details,
    error?.request_id,
    retry_after,
  );
}
