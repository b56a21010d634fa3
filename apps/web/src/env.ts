import { defineEnv, webEnv, type WebEnv } from '@labelyard/config';

let read: WebEnv | undefined;

/**
 * What the web server is told from outside. Read when it starts, not when it is built, so that one build runs anywhere.
 *
 * @throws EnvError naming every bad variable
 */
export function env(): WebEnv {
  return (read ??= defineEnv({ web: webEnv }, process.env).web);
}
