/** What `e2e/run.mjs` tells the journeys. */
export interface JourneyEnv {
  readonly browser: string;
  readonly web_url: string;
  readonly api_url: string;
  readonly control_url: string;
  readonly database_url: string;
  readonly storage: 'disk' | 's3';
  readonly password: string;
  readonly people: readonly { readonly email: string; readonly full_name: string }[];
}

export function env(): JourneyEnv {
  return {
    browser: read('E2E_BROWSER'),
    web_url: read('E2E_WEB_URL'),
    api_url: read('E2E_API_URL'),
    control_url: read('E2E_CONTROL_URL'),
    database_url: read('E2E_DATABASE_URL'),
    storage: read('E2E_STORAGE') as JourneyEnv['storage'],
    password: read('E2E_PASSWORD'),
    people: JSON.parse(read('E2E_PEOPLE')) as JourneyEnv['people'],
  };
}

function read(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: start the journeys with \`pnpm -C apps/web e2e\``);
  return value;
}
