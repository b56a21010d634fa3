import { Injectable } from '@nestjs/common';
import { createTransport } from 'nodemailer';
import { InjectEnv } from '../connections.js';
import type { Env } from '../env.js';

/** A server that does not answer within this is tried again later by the job. */
const PATIENCE_MS = 15_000;

/** Sends e-mail through the configured SMTP server. One connection per message: there are few. */
@Injectable()
export class Mailer {
  constructor(@InjectEnv() private readonly env: Env) {}

  /** @throws when the server does not take the message, or none is configured */
  async send({ to, subject, text }: { to: string; subject: string; text: string }): Promise<void> {
    const { mail } = this.env;
    if (!mail) throw new Error('No SMTP server is configured (SMTP_HOST)');
    const transport = createTransport({
      host: mail.host,
      port: mail.port,
      secure: mail.security === 'tls',
      requireTLS: mail.security === 'starttls',
      ignoreTLS: mail.security === 'none',
      connectionTimeout: PATIENCE_MS,
      greetingTimeout: PATIENCE_MS,
      socketTimeout: PATIENCE_MS,
      ...(mail.login && { auth: { user: mail.login.user, pass: mail.login.password } }),
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    try {
      // As an object, an address cannot be read as several.
      await transport.sendMail({ from: mail.from, to: { name: '', address: to }, subject, text });
    } finally {
      transport.close();
    }
  }
}
