import type { Me } from '@labelyard/contract';
import type { PersonWithOrganization } from '@labelyard/db';
import { toSummary } from '../people/people.js';

/** A person as they see themselves. */
export function toMe(person: PersonWithOrganization, people_managed: boolean): Me {
  return {
    ...toSummary(person),
    role: person.system_role,
    organization: person.organization && { id: person.organization.id, name: person.organization.name },
    created_at: person.created_at,
    people_managed,
  };
}
