import { z } from 'zod';
import { flag, integer } from './variable.js';

/** What a request may carry. */
export const limitsEnv = z
  .object({
    MAX_UPLOAD_MB: integer(1, 5_000).default(50),
    MAX_IMPORT_MB: integer(1, 78_000).default(10_000),
    MAX_IMAGE_MEGAPIXELS: integer(1, 2_000).default(200),
    MAX_JSON_MB: integer(1, 256).default(16),
  })
  .transform((env) => ({
    /** One file. */
    max_upload_bytes: env.MAX_UPLOAD_MB * 1024 * 1024,
    /** One file of an import: archives with their pictures. */
    max_import_bytes: env.MAX_IMPORT_MB * 1024 * 1024,
    max_image_pixels: env.MAX_IMAGE_MEGAPIXELS * 1_000_000,
    /** One JSON body; 5,000 operations with polygons fit into the default. */
    max_json_bytes: env.MAX_JSON_MB * 1024 * 1024,
  }));

/** How often somebody may call. */
export const rateLimitEnv = z
  .object({
    RATE_LIMIT_ENABLED: flag(true),
    RATE_LIMIT_GENERAL: integer(1, 10_000_000).default(10_000),
    RATE_LIMIT_GENERAL_SECONDS: integer(1, 3_600).default(10),
    RATE_LIMIT_LOGIN_ACCOUNT: integer(1, 100_000).default(10),
    RATE_LIMIT_LOGIN_IP: integer(1, 100_000).default(100),
    RATE_LIMIT_LOGIN_SECONDS: integer(1, 86_400).default(300),
    RATE_LIMIT_EXPORT: integer(1, 100_000).default(60),
    RATE_LIMIT_EXPORT_SECONDS: integer(1, 86_400).default(60),
    RATE_LIMIT_INVITATION: integer(1, 100_000).default(100),
    RATE_LIMIT_INVITATION_SECONDS: integer(1, 86_400).default(3_600),
  })
  .transform((env) => ({
    enabled: env.RATE_LIMIT_ENABLED,
    /** Any request, per person, or per address when nobody is signed in. Counted in each process. */
    general: { limit: env.RATE_LIMIT_GENERAL, seconds: env.RATE_LIMIT_GENERAL_SECONDS },
    /** Sign-ins per address and e-mail. Counted for all processes together, like the rest below. */
    login_account: { limit: env.RATE_LIMIT_LOGIN_ACCOUNT, seconds: env.RATE_LIMIT_LOGIN_SECONDS },
    /** Sign-ins per address, whatever the e-mail. */
    login_ip: { limit: env.RATE_LIMIT_LOGIN_IP, seconds: env.RATE_LIMIT_LOGIN_SECONDS },
    /** Exports asked for, per person. */
    export: { limit: env.RATE_LIMIT_EXPORT, seconds: env.RATE_LIMIT_EXPORT_SECONDS },
    /** Invitations sent and renewed, per person: each is an e-mail to anybody, with words of theirs. */
    invitation: { limit: env.RATE_LIMIT_INVITATION, seconds: env.RATE_LIMIT_INVITATION_SECONDS },
  }));
