import { endpoint } from '../endpoint.js';
import {
  account,
  accountCreateBody,
  accountListQuery,
  accountPage,
  accountParams,
  accountPatchBody,
  accountWithPassword,
  mePatchBody,
  organizationPage,
  passwordBody,
} from '../schemas/accounts.js';
import { me } from '../schemas/people.js';
import { pageQuery } from '../schemas/primitives.js';

const tag = 'admin';
const access = { system: 'people.manage' } as const;

/** Accounts of people, where this installation keeps them itself (USER_DB_MANAGED). */
export const accountEndpoints = {
  'auth.update_me': endpoint({
    method: 'PATCH',
    path: '/api/v1/auth/me',
    tag: 'auth',
    access: 'self',
    status: 200,
    summary: 'Change one’s own name',
    body: mePatchBody,
    response: me,
  }),
  'auth.change_password': endpoint({
    method: 'POST',
    path: '/api/v1/auth/password',
    tag: 'auth',
    access: 'self',
    status: 204,
    summary:
      'Change one’s own password; needs the old one. Ends all other sessions: a browser gets a new cookie, a program signs in again',
    body: passwordBody,
  }),
  'accounts.list': endpoint({
    method: 'GET',
    path: '/api/v1/admin/people',
    tag,
    access,
    status: 200,
    summary: 'Everybody of the installation, by name',
    query: accountListQuery,
    response: accountPage,
  }),
  'accounts.create': endpoint({
    method: 'POST',
    path: '/api/v1/admin/people',
    tag,
    access,
    status: 201,
    summary: 'Add a person; answers their first password, once',
    body: accountCreateBody,
    response: accountWithPassword,
  }),
  'accounts.update': endpoint({
    method: 'PATCH',
    path: '/api/v1/admin/people/{user_id}',
    tag,
    access,
    status: 200,
    summary: 'Change, switch off (which ends their sessions) or switch on a person; the last admin stays one',
    params: accountParams,
    body: accountPatchBody,
    response: account,
  }),
  'accounts.reset_password': endpoint({
    method: 'POST',
    path: '/api/v1/admin/people/{user_id}/password',
    tag,
    access,
    status: 200,
    summary: 'Give a person a new password and end their sessions; answers it, once',
    params: accountParams,
    response: accountWithPassword,
  }),
  'accounts.organizations': endpoint({
    method: 'GET',
    path: '/api/v1/admin/organizations',
    tag,
    access,
    status: 200,
    summary: 'Organizations, by name',
    query: pageQuery,
    response: organizationPage,
  }),
};
