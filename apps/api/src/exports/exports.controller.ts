import type { ExportJob, ExportPreview } from '@labelyard/contract';
import { Controller, Inject } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AuditTrail } from '../audit/audit-trail.js';
import type { ProjectAuth } from '../auth/auth-context.js';
import { Endpoint, type InputOf } from '../http/endpoint.js';
import { currentRequestId } from '../http/current-request.js';
import { ExportService } from './export-service.js';

const DEFAULT_WAIT_S = 10;
const LONGEST_WAIT_S = 30;

@Controller()
export class ExportsController {
  constructor(
    @Inject(ExportService) private readonly exports: ExportService,
    private readonly trail: AuditTrail,
  ) {}

  @Endpoint('exports.create')
  async create(
    { body }: InputOf<'exports.create'>,
    auth: ProjectAuth,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<ExportJob> {
    return this.whenDone(await this.exports.create(auth, body), request, reply);
  }

  @Endpoint('exports.repeat')
  async repeat(
    { params }: InputOf<'exports.repeat'>,
    auth: ProjectAuth,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<ExportJob> {
    return this.whenDone(await this.exports.repeat(auth, params.export_id), request, reply);
  }

  @Endpoint('exports.preview')
  preview({ body }: InputOf<'exports.preview'>, auth: ProjectAuth): Promise<ExportPreview> {
    return this.exports.preview(auth, body);
  }

  @Endpoint('exports.cancel')
  cancel({ params }: InputOf<'exports.cancel'>, auth: ProjectAuth): Promise<ExportJob> {
    return this.exports.cancel(auth, params.export_id);
  }

  @Endpoint('exports.delete')
  delete({ params }: InputOf<'exports.delete'>, auth: ProjectAuth): Promise<void> {
    return this.exports.delete(auth, params.export_id);
  }

  @Endpoint('exports.get')
  async get({ params }: InputOf<'exports.get'>, auth: ProjectAuth): Promise<ExportJob> {
    const answer = await this.exports.get(params.export_id);
    this.noteLinks(auth, [answer]);
    return answer;
  }

  @Endpoint('exports.list')
  async list(
    { query }: InputOf<'exports.list'>,
    auth: ProjectAuth,
  ): Promise<{ items: ExportJob[]; next_cursor: string | null }> {
    const { project_id, ...page } = query;
    const answer = await this.exports.list(project_id, page);
    this.noteLinks(auth, answer.items);
    return answer;
  }

  /** The export when it is done, or as it is when the caller does not want to wait any longer. */
  private async whenDone(begun: ExportJob, request: FastifyRequest, reply: FastifyReply): Promise<ExportJob> {
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    const asked = preferredWait(request.headers.prefer);
    if (asked !== null) void reply.header('preference-applied', `wait=${asked}`);
    const answer = await this.exports.wait(begun.id, (asked ?? DEFAULT_WAIT_S) * 1_000, gone.signal);
    if (answer.status === 'queued' || answer.status === 'running') void reply.status(202);
    return answer;
  }

  /** A link is good for whoever has it: the audit log says to whom it was given. */
  private noteLinks({ user, project }: ProjectAuth, answers: readonly ExportJob[]): void {
    const export_ids = answers.flatMap(({ id, download_url }) => (download_url ? [id] : []));
    if (export_ids.length === 0) return;
    this.trail.noteOnce(user.id, `links ${export_ids.join(' ')}`, {
      project_id: project.project_id,
      actor_id: user.id,
      action: 'export.link',
      ...(export_ids.length === 1 && { subject_type: 'export', subject_id: export_ids[0] }),
      details: { export_ids },
      request_id: currentRequestId(),
    });
  }
}

/** Seconds of `Prefer: wait=N` (RFC 7240), at most {@link LONGEST_WAIT_S}; null when there is none. */
function preferredWait(header: FastifyRequest['headers'][string]): number | null {
  const seconds = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,9})"?\s*(?=$|[,;])/iu.exec(String(header ?? ''))?.[1];
  return seconds === undefined ? null : Math.min(Number(seconds), LONGEST_WAIT_S);
}
