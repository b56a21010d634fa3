import { endpoint } from '../endpoint.js';
import { loginAnswer, loginBody, me, userSearchQuery, userSummary } from '../schemas/people.js';
import { pageOf } from '../schemas/primitives.js';

export const peopleEndpoints = {
  'auth.login': endpoint({
    method: 'POST',
    path: '/api/v1/auth/login',
    tag: 'auth',
    access: 'public',
    status: 200,
    writes: false,
    summary: 'Sign in with e-mail and password; answers a bearer token and sets the session cookie',
    body: loginBody,
    response: loginAnswer,
  }),
  'auth.logout': endpoint({
    method: 'POST',
    path: '/api/v1/auth/logout',
    tag: 'auth',
    access: 'public',
    status: 204,
    writes: false,
    summary:
      'End the session the request shows, by cookie or bearer token, for whoever else holds it too; drop the cookie',
  }),
  'auth.me': endpoint({
    method: 'GET',
    path: '/api/v1/auth/me',
    tag: 'auth',
    access: 'self',
    status: 200,
    summary: 'The person signed in',
    response: me,
  }),
  'users.search': endpoint({
    method: 'GET',
    path: '/api/v1/users/search',
    tag: 'people',
    access: 'self',
    status: 200,
    summary:
      'People by a part of their name or by their whole e-mail address. Who administers people finds by a part of it, and is shown all addresses',
    query: userSearchQuery,
    response: pageOf(userSummary),
  }),
};
