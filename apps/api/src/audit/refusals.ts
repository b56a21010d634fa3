import { DomainError } from '@labelyard/domain';
import type { FastifyRequest } from 'fastify';
import { callerNetwork } from '../http/caller-network.js';
import { AuditTrail } from './audit-trail.js';

/** Longer ones, and what is no address, may be a password in the wrong field. */
const E_MAIL = /^[^\s@]{1,100}@[^\s@]{1,200}$/u;

/** Writes down that somebody was refused something, when it is worth it: 403, the 404 that hides something, a failed sign-in. */
export function noteRefusal(trail: AuditTrail, request: FastifyRequest, error: unknown): void {
  const { endpoint, auth } = request;
  if (!(error instanceof DomainError) || !endpoint) return;
  const common = { action: endpoint.name, outcome: 'denied', request_id: request.id } as const;
  const details = { code: error.code, ...reasonOf(error) };
  const actor_id = auth?.user.id ?? null;
  switch (error.code) {
    case 'forbidden':
    case 'origin_refused': {
      if (actor_id === null) return;
      const project_id = request.project?.project_id ?? null;
      return trail.note(actor_id, { ...common, project_id, actor_id, details, ...subjectOf(request.wanted) });
    }
    case 'not_found':
      if (actor_id === null || !request.wanted) return;
      return trail.note(actor_id, { ...common, project_id: null, actor_id, details, subject: request.wanted });
    case 'invalid_credentials': {
      const { email } = (request.input?.body ?? {}) as { email?: string };
      const told = email !== undefined && E_MAIL.test(email) ? { email: email.toLowerCase() } : {};
      return trail.note(callerNetwork(request.ip), {
        ...common,
        project_id: null,
        actor_id: null,
        actor_kind: 'user',
        details: { ...details, ...told, ip: request.ip },
      });
    }
    case 'unauthorized': {
      // A program that goes on with a token that was ended.
      const { service } = (error.details ?? {}) as { service?: string };
      if (service === undefined) return;
      return trail.note(service, {
        ...common,
        project_id: null,
        actor_id: service,
        details: { ...details, ip: request.ip },
      });
    }
    default:
  }
}

function reasonOf({ details }: DomainError): object {
  const { needs, role, needs_scope, reason } = (details ?? {}) as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries({ needs, role, needs_scope, reason }).filter(([, value]) => value !== undefined),
  );
}

function subjectOf(wanted: FastifyRequest['wanted']): { subject_type?: string; subject_id?: number } {
  const [kind, id] = Object.entries(wanted ?? {})[0] ?? [];
  return kind === undefined ? {} : { subject_type: kind.replace('_id', ''), subject_id: id };
}
