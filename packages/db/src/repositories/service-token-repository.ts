import { DomainError, type TokenScope } from '@labelyard/domain';
import type { Connection } from '../connection/sql.js';
import { decodeCursor, encodeCursor, type Page, pageOf, type PageRequest } from './paging.js';

/** A token without its secret. */
export interface ServiceTokenRow {
  readonly id: number;
  /** Null for a token of the whole installation. */
  readonly project_id: number | null;
  readonly name: string;
  readonly scopes: TokenScope[];
  readonly secret_hint: string;
  /** Until when the secret before the last rotation may still be used. */
  readonly previous_until: string | null;
  readonly expires_at: string;
  readonly created_by: string;
  readonly created_at: string;
  readonly rotated_at: string | null;
  readonly last_used_at: string | null;
  readonly revoked_at: string | null;
  readonly revoked_by: string | null;
}

export interface NewServiceToken {
  readonly project_id: number | null;
  readonly name: string;
  readonly scopes: readonly TokenScope[];
  /** SHA-256 of the secret, hex. */
  readonly secret_hash: string;
  readonly secret_hint: string;
  readonly expires_at: string;
  readonly created_by: string;
}

/** Which tokens: one project's, or every one of the installation. */
export type TokenReach = { readonly project_id: number } | 'all';

const ORDER = 'service_tokens';
const COLUMNS = `id, project_id, name, scopes, secret_hint, previous_until, expires_at, created_by, created_at, rotated_at,
  last_used_at, revoked_at, revoked_by`;

/** Tokens of programs. Secrets are known by their hashes alone. */
export class ServiceTokenRepository {
  constructor(private readonly connection: Connection) {}

  async create(values: NewServiceToken): Promise<ServiceTokenRow> {
    const row = await this.connection.one<ServiceTokenRow>(
      `insert into service_tokens (project_id, name, scopes, secret_hash, secret_hint, expires_at, created_by)
        values ($1, $2, $3, $4, $5, $6, $7) returning ${COLUMNS}`,
      [
        values.project_id,
        values.name,
        values.scopes,
        values.secret_hash,
        values.secret_hint,
        values.expires_at,
        values.created_by,
      ],
    );
    return row as ServiceTokenRow;
  }

  /** Newest first; those taken back and run out too. */
  async list(
    reach: TokenReach,
    { limit, cursor }: PageRequest,
  ): Promise<Page<ServiceTokenRow & { project_name: string | null }>> {
    const before = decodeCursor<[number]>(ORDER, ['number'], cursor);
    const rows = await this.connection.rows<ServiceTokenRow & { project_name: string | null }>(
      `select ${COLUMNS.replace(/\w+/gu, 't.$&')}, p.name as project_name
        from service_tokens t left join annotation_projects p on p.id = t.project_id
        where ($1::bigint is null or t.project_id = $1) and ($2::bigint is null or t.id < $2)
        order by t.id desc limit $3`,
      [reach === 'all' ? null : reach.project_id, before?.[0] ?? null, limit + 1],
    );
    return pageOf(rows, limit, (last) => encodeCursor(ORDER, [last.id]));
  }

  /** The token this secret belongs to, whatever became of it: the present secret, or the one before while it may be used. */
  async bySecret(secret_hash: string): Promise<ServiceTokenRow | null> {
    const [row] = await this.connection.hot<ServiceTokenRow>(
      `select ${COLUMNS} from service_tokens where secret_hash = $1
        union all
        select ${COLUMNS} from service_tokens where previous_hash = $1 and previous_until > now()
        limit 1`,
      [secret_hash],
    );
    return row ?? null;
  }

  /** Gives the token another secret; the present one works until `overlap_until`. Throws not_found. */
  async rotate(
    reach: TokenReach,
    token_id: number,
    next: {
      readonly secret_hash: string;
      readonly secret_hint: string;
      readonly overlap_until: string;
      readonly expires_at?: string | undefined;
    },
  ): Promise<ServiceTokenRow> {
    const row = await this.connection.one<ServiceTokenRow>(
      `update service_tokens set previous_hash = secret_hash, previous_until = least($5::timestamptz, expires_at),
          secret_hash = $3, secret_hint = $4, rotated_at = now(), expires_at = coalesce($6, expires_at)
        where id = $2 and ($1::bigint is null or project_id = $1) and revoked_at is null
          and coalesce($6::timestamptz, expires_at) > now()
        returning ${COLUMNS}`,
      [
        reach === 'all' ? null : reach.project_id,
        token_id,
        next.secret_hash,
        next.secret_hint,
        next.overlap_until,
        next.expires_at ?? null,
      ],
    );
    if (!row) throw missing(token_id, 'does not exist, was revoked or has expired');
    return row;
  }

  /** Ends the token and both its secrets. Throws not_found, also when it was ended before. */
  async revoke(reach: TokenReach, token_id: number, revoked_by: string): Promise<ServiceTokenRow> {
    const row = await this.connection.one<ServiceTokenRow>(
      `update service_tokens set revoked_at = now(), revoked_by = $3, previous_hash = null, previous_until = null
        where id = $2 and ($1::bigint is null or project_id = $1) and revoked_at is null returning ${COLUMNS}`,
      [reach === 'all' ? null : reach.project_id, token_id, revoked_by],
    );
    if (!row) throw missing(token_id, 'does not exist or was revoked before');
    return row;
  }

  /** At most one write a minute and token, whoever asks. */
  async touch(token_id: number): Promise<void> {
    await this.connection.hot(
      `update service_tokens set last_used_at = now()
        where id = $1 and (last_used_at is null or last_used_at < now() - interval '1 minute')`,
      [token_id],
    );
  }

  async names(token_ids: readonly number[]): Promise<ReadonlyMap<number, string>> {
    const rows = await this.connection.rows<{ id: number; name: string }>(
      `select id, name from service_tokens where id = any ($1::bigint[])`,
      [token_ids],
    );
    return new Map(rows.map(({ id, name }) => [id, name]));
  }
}

function missing(token_id: number, why: string): DomainError {
  return new DomainError('not_found', `The token ${why}`, { token_id });
}
