import type { Access, PersonWithOrganization, ServiceTokenRow, Viewer } from '@labelyard/db';
import type { IdempotencyScope } from '../idempotency/idempotency-scope.js';

/** How the caller proved who they are. Browsers send cookies by themselves, so writes by cookie must prove where they come from. */
export type Credential = 'bearer' | 'cookie';

/** Who asks. Made by the authenticator, never by a handler. */
export interface Auth {
  readonly user: PersonWithOrganization;
  /** What repositories need to know to decide what the caller sees. */
  readonly viewer: Viewer;
  readonly credential: Credential;
  /** Set when a program asks; `user` stands in for it then, under an id that leads back to the token. */
  readonly service: ServiceTokenRow | null;
  /** Set while a request with an `Idempotency-Key` runs; give it to the transaction that does the change. */
  idempotency: IdempotencyScope | null;
}

/** Who asks, and the project they were let into with their role there. */
export interface ProjectAuth extends Auth {
  readonly project: Access;
}
