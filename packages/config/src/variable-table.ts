import type { ProcessName } from './processes.js';

/** Who reads a variable. `start`: the local start itself (`npm start`). */
export type VariableReader = ProcessName | 'start';

export interface VariableRow {
  says: string;
  fallback?: string;
  example: string;
  secret?: true;
  processes?: readonly VariableReader[];
  railway?: string;
}

const SERVER = ['api', 'migrate'] as const;
const EVERYBODY = ['api', 'migrate', 'web'] as const;

/** Where one database is, whole or in pieces, and how to connect to it. */
function database(name: 'LABELER_DB' | 'USER_DB', what: string, reference: string): Record<string, VariableRow> {
  return {
    [`${name}_URL`]: {
      says: `where ${what} is and as whom to connect`,
      example: 'postgres://labelyard:password@db.example:5432/labelyard',
      secret: true,
      railway: reference,
    },
    [`${name}_HOST`]: { says: `the same in pieces: the host`, example: 'db.example' },
    [`${name}_PORT`]: { says: 'in pieces: the port', fallback: '5432', example: '5432' },
    [`${name}_NAME`]: { says: 'in pieces: the database', example: 'labelyard' },
    [`${name}_USER`]: { says: 'in pieces: the role', example: 'labelyard' },
    [`${name}_PASSWORD`]: { says: 'in pieces: its password', example: 'a long random text', secret: true },
    [`${name}_SSL`]: { says: 'DB_SSL for this database alone', fallback: 'DB_SSL', example: 'verify-ca' },
    [`${name}_SSL_CA`]: { says: 'DB_SSL_CA for this database alone, with the mode above', example: './root.crt' },
    [`${name}_SSL_FINGERPRINT`]: {
      says: 'DB_SSL_FINGERPRINT for this database alone, with the mode above',
      example: '64 hexadecimal digits',
    },
  };
}

const MAKE_SECRET = 'the output of: openssl rand -base64 48';

/** Every variable of an installation, by what it is about, in the order in which they are listed. */
export const VARIABLE_TABLE = {
  installation: {
    title: 'What this installation is',
    processes: SERVER,
    rows: {
      ENVIRONMENT: {
        says: 'development, test, staging or production; the last two refuse weak secrets and plain http',
        fallback: 'development',
        example: 'production',
        processes: EVERYBODY,
      },
      NODE_ENV: {
        says: 'production for built code',
        example: 'production',
        processes: EVERYBODY,
        railway: 'set by Railway itself: leave it out',
      },
      LOG_LEVEL: { says: 'fatal, error, warn, info, debug, trace or silent', fallback: 'info', example: 'warn' },
      PROCESS_ROLE: {
        says: 'all, api (requests only) or worker (background jobs only)',
        fallback: 'all',
        example: 'all',
      },
      SHUTDOWN_GRACE_SECONDS: {
        says: 'how long requests and jobs may finish after SIGTERM',
        fallback: '25',
        example: '25',
      },
      CHECK_RESPONSES: {
        says: 'whether answers are checked against their schema',
        fallback: 'true while developing',
        example: 'false',
      },
    },
  },
  http: {
    title: 'How the API and the web listen, and whom they answer',
    processes: ['api'],
    rows: {
      PORT: { says: 'the port', fallback: '8011', example: '8011', railway: 'given by Railway: leave it out' },
      HOST: { says: 'the address to listen on', fallback: ':: (IPv4 and IPv6)', example: '::' },
      TRUST_PROXY: {
        says: 'how many proxies in front are believed about the caller’s address',
        fallback: '1; the web outside production 0',
        example: '1',
        processes: ['api', 'web'],
      },
      CORS_ORIGINS: {
        says: 'the web app’s addresses, with commas between: browsers there may call the API',
        fallback: 'none in production, else the local web app',
        example: 'https://labels.example',
        railway: 'https://${{web.RAILWAY_PUBLIC_DOMAIN}}',
      },
      DOCS_ENABLED: { says: 'whether /docs is served', fallback: 'true', example: 'false' },
    },
  },
  web: {
    title: 'The web app',
    processes: ['web'],
    rows: {
      API_URL: {
        says: 'the API as the web server reaches it',
        fallback: 'http://127.0.0.1:8011, none in production',
        example: 'http://api.railway.internal:8080',
        railway: 'http://${{api.RAILWAY_PRIVATE_DOMAIN}}:${{api.PORT}}',
      },
      NEXT_PUBLIC_API_URL: {
        says: 'the API as browsers reach it, where they load pictures from it (storage on disk); public, built into the pages',
        fallback: 'http://localhost:8011, none in production',
        example: 'https://api.labels.example',
        railway: 'https://${{api.RAILWAY_PUBLIC_DOMAIN}}',
      },
      STORAGE_ORIGINS: {
        says: 'where browsers load pictures from, with commas between',
        fallback: 'the storage’s address',
        example: 'https://s3.example',
      },
      LABELYARD_DEMO: { says: 'whether the sign-in page names the demo people', fallback: 'false', example: 'false' },
    },
  },
  tokens: {
    title: 'Who is signed in',
    processes: ['api'],
    rows: {
      JWT_SECRET: {
        says: 'what signs tokens: the Platform’s, or one’s own',
        example: MAKE_SECRET,
        secret: true,
        railway: '${{shared.JWT_SECRET}}',
      },
      JWT_SECRET_PREVIOUS: {
        says: 'the secret before, which still verifies while it is replaced',
        example: MAKE_SECRET,
        secret: true,
      },
      JWT_ISSUER: { says: 'the iss that tokens must have', example: 'https://platform.example' },
      JWT_AUDIENCE: { says: 'the aud that tokens must have', example: 'labelyard' },
      JWT_EXPIRES_SECONDS: { says: 'how long a token is good for', fallback: '86400', example: '3600' },
      JWKS_URL: { says: 'where the Platform’s public keys are', example: 'https://platform.example/jwks.json' },
    },
  },
  labeler_db: {
    title: 'The Labeler DB: datasets, labels and everything else but people',
    processes: SERVER,
    rows: {
      ...database('LABELER_DB', 'the Labeler DB', '${{Labeler DB.DATABASE_URL}}'),
      DATABASE_URL: {
        says: 'another name for LABELER_DB_URL, which wins',
        example: 'postgres://labelyard:password@db.example:5432/labelyard',
        secret: true,
      },
      LABELER_DB_ADMIN_URL: {
        says: 'the Labeler DB through the role that owns its schema, where that is another one',
        fallback: 'LABELER_DB_URL',
        example: 'postgres://owner:password@db.example:5432/labelyard',
        secret: true,
        processes: ['migrate'],
      },
    },
  },
  user_db: {
    title: 'The User DB: people',
    processes: SERVER,
    rows: {
      ...database('USER_DB', 'the User DB', '${{User DB.DATABASE_URL}}'),
      USER_DB_MANAGED: {
        says: 'whether Labelyard makes the User DB’s schema and people itself (standalone use)',
        fallback: 'false',
        example: 'false',
      },
      USER_DB_ADMIN_URL: {
        says: 'a managed User DB through the role that owns its schema',
        fallback: 'USER_DB_URL',
        example: 'postgres://owner:password@db.example:5432/people',
        secret: true,
      },
    },
  },
  connections: {
    title: 'How to connect to both databases',
    processes: SERVER,
    rows: {
      DB_SSL: {
        says: 'disable, require (encrypted, unchecked), verify-ca (right for Railway’s public proxy), verify-full or pin',
        fallback: 'disable',
        example: 'verify-ca',
      },
      DB_SSL_CA: { says: 'the issuer’s certificate: PEM text, base64 of it, or a path', example: './root.crt' },
      DB_SSL_FINGERPRINT: {
        says: 'SHA-256 of the server’s certificate, for DB_SSL=pin',
        example: '64 hexadecimal digits',
      },
      DB_POOL_SIZE: { says: 'connections kept per process and database', fallback: '5', example: '5' },
      DB_MAX_OVERFLOW: { says: 'further connections under load', fallback: '10', example: '10' },
      DB_POOL_TIMEOUT: { says: 'seconds a request waits for a connection', fallback: '30', example: '30' },
      DB_POOL_RECYCLE: {
        says: 'seconds after which a connection is replaced',
        fallback: '3600',
        example: '3600',
      },
    },
  },
  storage: {
    title: 'Where pictures and exports are kept',
    processes: ['api'],
    rows: {
      STORAGE_DRIVER: {
        says: 's3 (any S3 server, Cloudflare R2) or disk',
        fallback: 's3 when S3_ENDPOINT or R2_ACCOUNT_ID is set, else disk',
        example: 's3',
      },
      R2_ACCOUNT_ID: {
        says: 'the Cloudflare account, instead of S3_ENDPOINT',
        example: '0123456789abcdef0123456789abcdef',
        processes: ['api', 'web'],
      },
      S3_ENDPOINT: {
        says: 'the S3 server’s address',
        fallback: 'made of R2_ACCOUNT_ID',
        example: 'https://s3.example',
        processes: ['api', 'web'],
      },
      S3_ACCESS_KEY: { says: 'the access key id', example: '20 to 40 letters and digits', secret: true },
      S3_SECRET_KEY: { says: 'the secret access key', example: '40 or 64 letters and digits', secret: true },
      S3_BUCKET_DATASETS: { says: 'the bucket for pictures', example: 'labeler-datasets' },
      S3_BUCKET_ANNOTATIONS: { says: 'the bucket for exports', example: 'labeler-annotations' },
      S3_REGION: { says: 'the region', fallback: 'auto (right for R2)', example: 'auto' },
      S3_USE_SSL: { says: 'https or http, for an S3_ENDPOINT without it', fallback: 'true', example: 'true' },
      S3_FORCE_PATH_STYLE: {
        says: 'bucket in the path instead of the host name',
        fallback: 'true',
        example: 'true',
      },
      DISK_ROOT: { says: 'the folder that holds everything, for storage on disk', example: '/var/lib/labelyard' },
      DISK_PUBLIC_URL: {
        says: 'the API’s address for browsers, which links to files on disk begin with',
        fallback: 'http://localhost and PORT, none in production',
        example: 'https://api.labels.example',
      },
      DISK_SIGNING_SECRET: {
        says: 'what signs links to files on disk',
        fallback: 'JWT_SECRET',
        example: MAKE_SECRET,
        secret: true,
      },
    },
  },
  limits: {
    title: 'How much at a time',
    processes: ['api'],
    rows: {
      MAX_UPLOAD_MB: {
        says: 'the largest picture or file',
        fallback: '50',
        example: '50',
        processes: ['api', 'web'],
      },
      MAX_IMPORT_MB: { says: 'the largest file of an import', fallback: '10000', example: '10000' },
      MAX_IMAGE_MEGAPIXELS: { says: 'the largest picture, in million pixels', fallback: '200', example: '200' },
      MAX_JSON_MB: { says: 'the largest JSON body', fallback: '16', example: '16' },
      RATE_LIMIT_ENABLED: { says: 'whether calls are counted', fallback: 'true', example: 'true' },
      RATE_LIMIT_GENERAL: { says: 'calls per person', fallback: '10000', example: '10000' },
      RATE_LIMIT_GENERAL_SECONDS: { says: 'in how many seconds', fallback: '10', example: '10' },
      RATE_LIMIT_LOGIN_ACCOUNT: { says: 'sign-ins per address and e-mail', fallback: '10', example: '10' },
      RATE_LIMIT_LOGIN_IP: { says: 'sign-ins per address', fallback: '100', example: '100' },
      RATE_LIMIT_LOGIN_SECONDS: { says: 'in how many seconds', fallback: '300', example: '300' },
      RATE_LIMIT_EXPORT: { says: 'exports per person', fallback: '60', example: '60' },
      RATE_LIMIT_EXPORT_SECONDS: { says: 'in how many seconds', fallback: '60', example: '60' },
      RATE_LIMIT_INVITATION: { says: 'invitations per person', fallback: '100', example: '100' },
      RATE_LIMIT_INVITATION_SECONDS: { says: 'in how many seconds', fallback: '3600', example: '3600' },
    },
  },
  retention: {
    title: 'How long things are kept',
    processes: ['api'],
    rows: {
      AUDIT_RETENTION_DAYS: { says: 'days of the audit log; 0 = for ever', fallback: '730', example: '730' },
      EXPORT_RETENTION_DAYS: { says: 'days of an export’s files; 0 = for ever', fallback: '30', example: '30' },
    },
  },
  mail: {
    title: 'E-mail',
    processes: ['api'],
    rows: {
      SMTP_HOST: {
        says: 'the mail server',
        fallback: 'no e-mail: links are shown instead',
        example: 'smtp.example',
      },
      SMTP_PORT: { says: 'its port', fallback: '587', example: '587' },
      SMTP_SECURITY: { says: 'starttls, tls or none', fallback: 'starttls', example: 'tls' },
      SMTP_USER: { says: 'who sends', example: 'labelyard' },
      SMTP_PASSWORD: { says: 'its password', example: 'a long random text', secret: true },
      MAIL_FROM: { says: 'the sender people see', example: 'Labelyard <yard@labels.example>' },
      WEB_URL: { says: 'the web app’s address, which links begin with', example: 'https://labels.example' },
    },
  },
  start: {
    title: 'The local start (npm start)',
    processes: ['start'],
    rows: {
      API_PORT: { says: 'the API’s port', fallback: '8011', example: '8111' },
      WEB_PORT: { says: 'the web’s port', fallback: '3010', example: '3110' },
      DB_PORT: { says: 'the embedded Postgres’s port', fallback: '54329, else any free one', example: '54429' },
      LABELYARD_DATA_DIR: { says: 'the folder everything is kept in', fallback: '.labelyard', example: '~/labels' },
      LABELYARD_HOST: { says: 'the address to listen on', fallback: 'localhost', example: '0.0.0.0' },
      LABELYARD_EMBEDDED_DATABASE: {
        says: 'keep: the embedded Postgres runs on beside databases of your own, to go back to',
        fallback: 'off where LABELER_DB_URL and USER_DB_URL are set',
        example: 'keep',
      },
    },
  },
} satisfies Record<string, { title: string; processes: readonly VariableReader[]; rows: Record<string, VariableRow> }>;
