import { ENDPOINT_SCOPES, type EndpointSpec, type ProjectAccess } from '@labelyard/contract';
import type { AccessSubject, LabelerDb } from '@labelyard/db';
import { can, canSystem, DomainError, rolesFor } from '@labelyard/domain';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { InjectLabelerDb } from '../connections.js';
import { parseField, PARTS, parseParts, type Part } from '../http/request-input.js';

type Parsed = { params: unknown; query: unknown; body: unknown };

/**
 * May this person do this here? Stands before every handler and denies by default. First
 * the id of the subject is read, then the person's role on it is looked up (one query), then the request is parsed: who
 * may not see a project learns nothing from how its requests are refused.
 */
@Injectable()
export class AccessCheck {
  constructor(@InjectLabelerDb() private readonly db: LabelerDb) {}

  /** Null where there is nothing to wait for. Throws, or rejects with, what the caller is told. */
  admit(request: FastifyRequest, spec: EndpointSpec): Promise<void> | null {
    const parsed: Parsed = { params: undefined, query: undefined, body: undefined };
    request.input = parsed;
    const { access } = spec;
    this.checkScope(request);
    if (typeof access === 'object' && 'action' in access) return this.admitToProject(request, spec, access, parsed);
    if (access !== 'public' && access !== 'signed' && !request.auth)
      throw new DomainError('unauthorized', 'Sign in first');
    if (typeof access === 'object' && !canSystem(request.auth?.user.system_role ?? 'guest', access.system))
      throw new DomainError('forbidden', `This is for those who administer the installation (${access.system})`);
    parseParts(request, spec, PARTS, parsed);
    return null;
  }

  private async admitToProject(
    request: FastifyRequest,
    spec: EndpointSpec,
    { action, subject, or_self, even_deleted }: ProjectAccess,
    parsed: Parsed,
  ): Promise<void> {
    if (!request.auth) throw new DomainError('unauthorized', 'Sign in first');
    const [part, field] = subject.split('.') as [Part, string];
    const id = parseField(request, spec, part, field);
    if (typeof id !== 'number') {
      // Without a subject there is nothing to decide about: the request is told what is wrong with it.
      parseParts(request, spec, PARTS, parsed);
      throw new Error(`${subject} is what access is decided by, but the contract does not ask for it`);
    }
    const wanted = { [even_deleted ? `past_${field}` : field]: id } as unknown as AccessSubject;
    request.wanted = wanted;
    const project = await this.db.projects.access(wanted, request.auth.viewer);
    if (!project)
      throw new DomainError('not_found', `There is no ${field.replace('_id', '')} ${id}, or you may not see it`);
    request.project = project;
    const self =
      or_self && project.is_member && parseField(request, spec, 'params', 'user_id') === request.auth.user.id;
    if (!self && !can(project.role, action))
      throw new DomainError(
        'forbidden',
        `Your role here is ${project.role}; this needs ${rolesFor(action)[0]} or more`,
        {
          role: project.role,
          needs: rolesFor(action)[0],
        },
      );
    parseParts(request, spec, PARTS, parsed);
    this.checkBelongs(spec, parsed, project.project_id);
    // Past this line a 404 hides nothing.
    request.wanted = null;
  }

  /** A program is let in where one of its scopes opens the door; what it may do behind it follows from its role. */
  private checkScope({ auth, endpoint }: FastifyRequest): void {
    if (!auth?.service || !endpoint) return;
    const needs_scope = ENDPOINT_SCOPES[endpoint.name];
    if (!needs_scope)
      throw new DomainError('forbidden', 'Service tokens are not let in here; sign in as a person', {
        reason: 'closed_to_tokens',
      });
    if (!auth.service.scopes.includes(needs_scope))
      throw new DomainError('forbidden', `The service token lacks the scope ${needs_scope}`, { needs_scope });
  }

  /** A path that names a project besides its subject must name the subject's own. */
  private checkBelongs(spec: EndpointSpec, parsed: Parsed, project_id: number): void {
    for (const part of ['params', 'body'] as const) {
      if (!spec[part]) continue;
      const named = (parsed[part] as { project_id?: number } | undefined)?.project_id;
      if (named !== undefined && named !== project_id)
        throw new DomainError('not_found', `Project ${named} has nothing like it`);
    }
  }
}
