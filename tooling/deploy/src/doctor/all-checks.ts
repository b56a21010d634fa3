import { BACKUP_CHECKS } from './backup-checks.js';
import { BUCKET_CORS_CHECKS } from './bucket-cors-checks.js';
import type { Check } from './check.js';
import { CONNECTION_CHECKS } from './connection-checks.js';
import { DATABASE_CHECKS } from './database-checks.js';
import { ENVIRONMENT_CHECKS } from './environment-checks.js';
import { PROGRAM_CHECKS } from './program-checks.js';
import { RAILWAY_CONFIG_CHECKS } from './railway-config-checks.js';
import { ROLE_CHECKS } from './role-checks.js';
import { SCHEMA_CHECKS } from './schema-checks.js';
import { SERVICE_CHECKS } from './service-checks.js';
import { STORAGE_CHECKS } from './storage-checks.js';

/** Everything `yard doctor` asks. */
export const CHECKS: readonly Check[] = [
  ...PROGRAM_CHECKS,
  ...ENVIRONMENT_CHECKS,
  ...DATABASE_CHECKS,
  ...CONNECTION_CHECKS,
  ...SCHEMA_CHECKS,
  ...ROLE_CHECKS,
  ...STORAGE_CHECKS,
  ...BUCKET_CORS_CHECKS,
  ...BACKUP_CHECKS,
  ...SERVICE_CHECKS,
  ...RAILWAY_CONFIG_CHECKS,
];
