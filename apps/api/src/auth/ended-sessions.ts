import type { EndedSession, LabelerDb } from '@labelyard/db';
import { DomainError } from '@labelyard/domain';
import type { SteadyConnection } from '../events/steady-connection.js';
import type { LogLine } from '../jobs/queue-log.js';
import type { MaintenanceMode } from '../maintenance/maintenance-mode.js';
import type { PeopleNews } from '../people/people-news.js';
import { tokenHash, type Tokens } from './tokens.js';

const CHANNEL = 'labelyard_sessions';
/** The end of the year 9999, after which neither database nor JSON writes dates alike. */
const LAST_SECOND = 253_402_300_799;

/** Sessions that were signed out of: all known to each process, so that no request asks the database. */
export class EndedSessions {
  /** The database stands still in maintenance, and signing out goes on: they are written down afterwards. */
  private unwritten: EndedSession[] = [];

  constructor(
    private readonly db: LabelerDb,
    private readonly connection: SteadyConnection,
    private readonly tokens: Tokens,
    private readonly news: PeopleNews,
    maintenance: Pick<MaintenanceMode, 'onChange'>,
    private readonly log: LogLine,
  ) {
    maintenance.onChange((notice) => {
      if (!notice) this.writeDown().catch(this.warn);
    });
  }

  async start(): Promise<void> {
    await this.connection.listen(CHANNEL, (payload) => this.tokens.end(JSON.parse(payload) as EndedSession));
    await this.read();
    // Nothing was heard while the session was lost.
    this.connection.onBack(() => void this.read().catch(this.warn));
  }

  /** Ends the session of this token in every process, its event streams too. One that is none, or is over, stays so. */
  async end(token: string): Promise<void> {
    const claims = this.tokens.claimsOf(token);
    if (!claims) return;
    const expires_at = new Date(Math.min(claims.exp, LAST_SECOND) * 1_000).toISOString();
    const session = { token_hash: tokenHash(token), expires_at };
    this.tokens.end(session);
    this.unwritten.push(session);
    await this.writeDown();
    await this.db.transaction(async ({ sql }) => {
      await sql.notify(CHANNEL, [JSON.stringify(session)]);
      // After it: the streams are asked for their sessions then.
      await this.news.changed(sql, claims.user_id);
    });
  }

  private async read(): Promise<void> {
    for (const session of await this.db.endedSessions.list()) this.tokens.end(session);
  }

  private async writeDown(): Promise<void> {
    const sessions = this.unwritten;
    this.unwritten = [];
    if (sessions.length === 0) return;
    try {
      await this.db.endedSessions.add(sessions);
    } catch (error) {
      this.unwritten.push(...sessions);
      if (!(error instanceof DomainError) || error.code !== 'maintenance') throw error;
    }
  }

  private readonly warn = (error: unknown) =>
    this.log('warn', 'The sessions that were signed out of could not be read or written down', { err: error });
}
