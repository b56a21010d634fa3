import type { ServiceToken, ServiceTokenWithSecret } from '@labelyard/contract';
import type { LabelerDb, LabelerTransaction, PageRequest, ServiceTokenRow, TokenReach } from '@labelyard/db';
import { tokenStatus, type TokenScope } from '@labelyard/domain';
import { Injectable } from '@nestjs/common';
import type { Auth } from '../auth/auth-context.js';
import { InjectLabelerDb } from '../connections.js';
import { People } from '../people/people.js';
import { newTokenSecret } from './token-secret.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

type NamedRow = ServiceTokenRow & { readonly project_name: string | null };

@Injectable()
export class ServiceTokensService {
  constructor(
    @InjectLabelerDb() private readonly db: LabelerDb,
    private readonly people: People,
  ) {}

  async list(reach: TokenReach, page: PageRequest): Promise<{ items: ServiceToken[]; next_cursor: string | null }> {
    const { items, next_cursor } = await this.db.serviceTokens.list(reach, page);
    return { items: await this.toAnswers(items), next_cursor };
  }

  async create(
    auth: Auth,
    project: { readonly id: number; readonly name: string } | null,
    { name, scopes, expires_in_days }: { name: string; scopes: readonly TokenScope[]; expires_in_days: number },
  ): Promise<ServiceTokenWithSecret> {
    const { secret, ...kept } = newTokenSecret();
    return this.tellOnce(auth, 201, secret, async (tx) => {
      const row = await tx.serviceTokens.create({
        ...kept,
        name,
        scopes,
        project_id: project?.id ?? null,
        expires_at: fromNow(expires_in_days * DAY_MS),
        created_by: auth.user.id,
      });
      await this.record(tx, auth, 'token.create', row, { scopes: row.scopes, expires_at: row.expires_at });
      return { ...row, project_name: project?.name ?? null };
    });
  }

  async rotate(
    auth: Auth,
    reach: TokenReach,
    token_id: number,
    { overlap_hours, expires_in_days }: { overlap_hours: number; expires_in_days?: number | undefined },
  ): Promise<ServiceTokenWithSecret> {
    const { secret, ...kept } = newTokenSecret();
    return this.tellOnce(auth, 200, secret, async (tx) => {
      const row = await tx.serviceTokens.rotate(reach, token_id, {
        ...kept,
        overlap_until: fromNow(overlap_hours * HOUR_MS),
        expires_at: expires_in_days === undefined ? undefined : fromNow(expires_in_days * DAY_MS),
      });
      await this.record(tx, auth, 'token.rotate', row, { overlap_hours, expires_at: row.expires_at });
      return { ...row, project_name: null };
    });
  }

  async revoke(auth: Auth, reach: TokenReach, token_id: number): Promise<ServiceToken> {
    const row = await this.db.transaction(async (tx) => {
      const revoked = await tx.serviceTokens.revoke(reach, token_id, auth.user.id);
      await this.record(tx, auth, 'token.revoke', revoked, {});
      return revoked;
    });
    const [answer] = await this.toAnswers([{ ...row, project_name: null }]);
    return answer as ServiceToken;
  }

  /** Like `changeOnce`, but what is kept for a repeated request does not hold the secret. */
  private async tellOnce(
    { idempotency: scope }: Auth,
    status: number,
    secret: string,
    work: (tx: LabelerTransaction) => Promise<NamedRow>,
  ): Promise<ServiceTokenWithSecret> {
    const token = await this.db.transaction(
      async (tx) => {
        const [answer] = await this.toAnswers([await work(tx)]);
        if (scope)
          await tx.idempotency.answer(
            scope.key.user_id,
            scope.key.key,
            status,
            JSON.stringify({ ...answer, secret: null }),
          );
        return answer as ServiceToken;
      },
      { idempotency: scope?.key },
    );
    if (scope) scope.state = 'answered';
    return { ...token, secret };
  }

  private async record(
    tx: LabelerTransaction,
    auth: Auth,
    action: string,
    { id, project_id, name }: ServiceTokenRow,
    details: object,
  ): Promise<void> {
    await tx.audit.record({
      project_id,
      actor_id: auth.user.id,
      action,
      subject_type: 'service_token',
      subject_id: id,
      details: { name, ...details },
    });
  }

  private async toAnswers(rows: readonly NamedRow[]): Promise<ServiceToken[]> {
    const creators = await this.people.summaries(rows.map(({ created_by }) => created_by));
    const now = Date.now();
    return rows.map(({ revoked_by: _, ...row }) => ({
      ...row,
      previous_until: row.previous_until !== null && Date.parse(row.previous_until) > now ? row.previous_until : null,
      status: tokenStatus(row, now),
      creator: creators.get(row.created_by) ?? null,
    }));
  }
}

function fromNow(ms: number): string {
  return new Date(Date.now() + ms).toISOString();
}
