import type { LabelerDb } from '@labelyard/db';
import { Injectable } from '@nestjs/common';
import { InjectLabelerDb } from '../connections.js';
import { JobRegistry, type JobHandler } from '../jobs/job-registry.js';
import type { Task } from '../jobs/task.js';

const TELL_OF_DUE: Task<Record<string, never>> = {
  name: 'tasks.due',
  max_attempts: 3,
  key: () => 'tasks.due',
};

/** How long before. */
const HOURS = 24;

/** Tells people of tasks that are due within a day, once each. */
@Injectable()
export class DueTasksJob implements JobHandler<Record<string, never>> {
  readonly task = TELL_OF_DUE;

  constructor(
    @InjectLabelerDb() private readonly db: LabelerDb,
    registry: JobRegistry,
  ) {
    registry.add(this);
    registry.schedule({ task: TELL_OF_DUE, cron: '*/15 * * * *' });
  }

  async run(): Promise<void> {
    await this.db.notifications.tellOfDue(HOURS);
  }
}
