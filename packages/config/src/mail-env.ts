import { z } from 'zod';
import { choice, httpUrl, integer } from './variable.js';

/** Where e-mail goes out. Null without SMTP_HOST: links are then shown to whoever has to pass them on. */
export const mailEnv = z
  .object({
    SMTP_HOST: z.string().trim().optional(),
    SMTP_PORT: integer(1, 65_535).default(587),
    /** starttls: encrypted after the greeting, or not at all · tls: from the first byte · none: for a relay on the same host. */
    SMTP_SECURITY: choice(['starttls', 'tls', 'none']).default('starttls'),
    SMTP_USER: z.string().trim().optional(),
    SMTP_PASSWORD: z.string().optional(),
    MAIL_FROM: z.string().trim().optional(),
    WEB_URL: httpUrl({ path: true }).optional(),
  })
  .transform((env, context) => {
    if (env.SMTP_HOST === undefined) return null;
    const problem = (name: string, message: string) => {
      context.addIssue({ code: 'custom', path: [name], message });
      return z.NEVER;
    };
    if (env.MAIL_FROM === undefined)
      return problem(
        'MAIL_FROM',
        'is not set while SMTP_HOST is; set it to the sender, like Labelyard <yard@host.example>',
      );
    if (env.WEB_URL === undefined)
      return problem(
        'WEB_URL',
        'is not set while SMTP_HOST is; set it to the web app’s address, which links begin with',
      );
    if ((env.SMTP_USER === undefined) !== (env.SMTP_PASSWORD === undefined))
      return problem('SMTP_PASSWORD', 'and SMTP_USER belong together; set both or neither');
    return {
      host: env.SMTP_HOST,
      port: env.SMTP_PORT,
      security: env.SMTP_SECURITY,
      login:
        env.SMTP_USER !== undefined && env.SMTP_PASSWORD !== undefined
          ? { user: env.SMTP_USER, password: env.SMTP_PASSWORD }
          : null,
      from: env.MAIL_FROM,
      /** Address of the web app, without a slash at its end. */
      web_url: env.WEB_URL,
    };
  });
export type MailEnv = NonNullable<z.output<typeof mailEnv>>;
