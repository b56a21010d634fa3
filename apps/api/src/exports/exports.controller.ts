import type { ExportJob } from '@labelyard/contract';
import { Controller, Headers, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { ProjectAuth } from '../auth/auth-context.js';
import { Endpoint, type InputOf } from '../http/endpoint.js';
import { claimed } from '../idempotency/idempotency-scope.js';
import { ExportService } from './export-service.js';

const DEFAULT_WAIT_S = 10;
const LONGEST_WAIT_S = 30;

@Controller()
export class ExportsController {
  constructor(@Inject(ExportService) private readonly exports: ExportService) {}

  @Endpoint('exports.create')
  async create(
    { body }: InputOf<'exports.create'>,
    auth: ProjectAuth,
    @Headers('prefer') prefer: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ExportJob> {
    const { project_id, format, task_type, state } = body;
    const choices = { task_type, states: typeof state === 'string' ? [state] : state };
    const begun = await this.exports.create(auth.user.id, { project_id, format, choices }, claimed(auth));
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    const asked = preferredWait(prefer);
    if (asked !== null) void reply.header('preference-applied', `wait=${asked}`);
    const answer = await this.exports.wait(begun.id, (asked ?? DEFAULT_WAIT_S) * 1_000, gone.signal);
    if (answer.status === 'queued' || answer.status === 'running') void reply.status(202);
    return answer;
  }

  @Endpoint('exports.get')
  get({ params }: InputOf<'exports.get'>): Promise<ExportJob> {
    return this.exports.get(params.export_id);
  }

  @Endpoint('exports.list')
  list({ query }: InputOf<'exports.list'>): Promise<{ items: ExportJob[]; next_cursor: string | null }> {
    const { project_id, ...page } = query;
    return this.exports.list(project_id, page);
  }
}

/** Seconds of `Prefer: wait=N` (RFC 7240), at most {@link LONGEST_WAIT_S}; null when there is none. */
function preferredWait(header: string | undefined): number | null {
  const seconds = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,9})"?\s*(?=$|[,;])/iu.exec(header ?? '')?.[1];
  return seconds === undefined ? null : Math.min(Number(seconds), LONGEST_WAIT_S);
}
