import { createClient } from '@labelyard/contract';

/** The one caller of the API in the browser: same-origin, the session cookie signs every call. */
export const api = createClient({ origin: '' });
