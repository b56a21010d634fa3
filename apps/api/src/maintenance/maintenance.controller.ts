import type { LabelerDb } from '@labelyard/db';
import { Controller, Inject } from '@nestjs/common';
import type { Auth } from '../auth/auth-context.js';
import { InjectLabelerDb } from '../connections.js';
import { Endpoint, type AnswerOf, type InputOf } from '../http/endpoint.js';
import { InvalidRequest } from '../http/request-input.js';
import { changeOnce } from '../idempotency/idempotency-scope.js';
import { MaintenanceMode, noticeOf } from './maintenance-mode.js';

@Controller()
export class MaintenanceController {
  constructor(
    @InjectLabelerDb() private readonly db: LabelerDb,
    @Inject(MaintenanceMode) private readonly mode: MaintenanceMode,
  ) {}

  @Endpoint('maintenance.get')
  get(): AnswerOf<'maintenance.get'> {
    return { maintenance: this.mode.notice };
  }

  @Endpoint('maintenance.begin')
  async begin({ body }: InputOf<'maintenance.begin'>, auth: Auth): Promise<AnswerOf<'maintenance.begin'>> {
    const { reason, expected_end } = body;
    if (expected_end !== null && Date.parse(expected_end) <= Date.now())
      throw new InvalidRequest([
        { in: 'body', path: 'expected_end', code: 'past', message: 'lies in the past; leave it out when nobody knows' },
      ]);
    const answer = await changeOnce(this.db, auth, 200, async (tx) => {
      const actor_id = auth.user.id;
      const state = await tx.maintenance.begin({ reason, expected_end, started_by: actor_id });
      await tx.audit.record({ project_id: null, actor_id, action: 'maintenance.begin', details: body });
      return { maintenance: noticeOf(state) };
    });
    await this.mode.refresh();
    return answer;
  }

  @Endpoint('maintenance.end')
  async end(_input: InputOf<'maintenance.end'>, auth: Auth): Promise<void> {
    await this.db.transaction(async (tx) => {
      const ended = await tx.maintenance.end();
      // Refused while the operator's tool holds the database still, and with it the end: it must not be ended from here then.
      if (ended)
        await tx.audit.record({
          project_id: null,
          actor_id: auth.user.id,
          action: 'maintenance.end',
          details: { ...ended },
        });
    });
    await this.mode.refresh();
  }
}
