import { Readable } from 'node:stream';
import type { AuditEntry } from '@labelyard/contract';
import type { AuditFilter, LabelerDb, PageRequest } from '@labelyard/db';
import { Controller } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Auth, ProjectAuth } from '../auth/auth-context.js';
import { InjectLabelerDb } from '../connections.js';
import { type Answered, ANSWERED, type AnswerOf, Endpoint, type InputOf } from '../http/endpoint.js';
import { ENTITLED, People } from '../people/people.js';
import { AUDIT_FILE_TYPES, auditFile } from './audit-file.js';
import { AuditTrail } from './audit-trail.js';

/** Entries read at once for a file. */
const FILE_PAGE = 1_000;

@Controller()
export class AuditController {
  constructor(
    @InjectLabelerDb() private readonly db: LabelerDb,
    private readonly people: People,
    private readonly trail: AuditTrail,
  ) {}

  @Endpoint('projects.audit')
  ofProject({ query }: InputOf<'projects.audit'>, { project }: ProjectAuth): Promise<AnswerOf<'projects.audit'>> {
    return this.page({ ...query, project_id: project.project_id }, query);
  }

  @Endpoint('admin.audit')
  all({ query }: InputOf<'admin.audit'>): Promise<AnswerOf<'admin.audit'>> {
    return this.page(query, query);
  }

  @Endpoint('projects.audit_export')
  exportProject(
    { query }: InputOf<'projects.audit_export'>,
    auth: ProjectAuth,
    _request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<Answered> {
    return this.send(reply, auth, { ...query, project_id: auth.project.project_id }, query.format);
  }

  @Endpoint('admin.audit_export')
  exportAll(
    { query }: InputOf<'admin.audit_export'>,
    auth: Auth,
    _request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<Answered> {
    return this.send(reply, auth, query, query.format);
  }

  private async page(
    filter: AuditFilter,
    page: PageRequest,
  ): Promise<{ items: AuditEntry[]; next_cursor: string | null }> {
    const { items, next_cursor } = await this.db.audit.list(filter, page);
    const actors = items.flatMap(({ actor_id }) => actor_id ?? []);
    const people = await this.people.summaries(actors, ENTITLED);
    return { items: items.map((row) => ({ ...row, actor: people.get(row.actor_id ?? '') ?? null })), next_cursor };
  }

  /** Who takes the log away is in the log. */
  private async send(
    reply: FastifyReply,
    { user }: Auth,
    filter: AuditFilter,
    format: keyof typeof AUDIT_FILE_TYPES,
  ): Promise<Answered> {
    const { project_id = null, ...asked } = filter;
    const { actor_id, action, outcome, since, until } = asked;
    await this.trail.record(user.id, {
      project_id,
      actor_id: user.id,
      action: 'audit.export',
      details: { format, actor_id, action, outcome, since, until },
      request_id: reply.request.id,
    });
    const first = await this.page(filter, { limit: FILE_PAGE });
    const name = `audit-${project_id === null ? 'all' : `project-${project_id}`}-${new Date().toISOString().slice(0, 10)}.${format}`;
    void reply
      .header('content-type', AUDIT_FILE_TYPES[format])
      .header('content-disposition', `attachment; filename="${name}"`)
      .header('cache-control', 'no-store')
      .send(Readable.from(auditFile(format, this.pages(filter, first))));
    return ANSWERED;
  }

  private async *pages(
    filter: AuditFilter,
    first: { items: AuditEntry[]; next_cursor: string | null },
  ): AsyncGenerator<readonly AuditEntry[]> {
    for (let page = first; ; page = await this.page(filter, { limit: FILE_PAGE, cursor: page.next_cursor })) {
      yield page.items;
      if (page.next_cursor === null) return;
    }
  }
}
