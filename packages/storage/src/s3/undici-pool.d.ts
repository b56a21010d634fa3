// The pool without the rest of undici (fetch, WebSocket, mocks), which takes three times as long to load.
declare module 'undici/lib/dispatcher/pool.js' {
  export { Pool as default } from 'undici';
}
