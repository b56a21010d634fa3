/** Name of the httpOnly cookie the API sets at sign-in. Its content is never read here. */
export const SESSION_COOKIE = 'labelyard_session';
