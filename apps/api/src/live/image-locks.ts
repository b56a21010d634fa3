import type { ImageLock } from '@labelyard/contract';
import { lockedBy, type LabelerDb, type LockClaim } from '@labelyard/db';
import { DomainError } from '@labelyard/domain';
import type { ProjectAuth } from '../auth/auth-context.js';
import { PROJECT_CHANNEL, type ProjectEvents } from '../events/project-events.js';

type Where = { readonly project_id: number; readonly image_id: number };

/** Who works on which image. Each change of hands is told by the statement that makes it, or its transaction. */
export class ImageLocks {
  constructor(
    private readonly db: LabelerDb,
    private readonly events: ProjectEvents,
  ) {}

  /** @throws locked, not_found */
  async acquire({ user }: ProjectAuth, where: Where): Promise<ImageLock> {
    const claim: LockClaim = { ...where, user_id: user.id, user_name: user.full_name };
    const outcome = await this.db.locks.acquire(claim, PROJECT_CHANNEL);
    if (!outcome) throw new DomainError('not_found', 'The image does not exist in this project', where);
    if (!outcome.mine) throw lockedBy(outcome.lock);
    return outcome.lock;
  }

  /** @throws locked, not_found when it is nobody's */
  async heartbeat({ user }: ProjectAuth, { image_id }: Where): Promise<ImageLock> {
    const lock = await this.db.locks.renew(image_id, user.id);
    if (lock) return lock;
    const other = await this.db.locks.held(image_id);
    if (other) throw lockedBy(other);
    throw new DomainError('not_found', 'You do not hold this image any more; acquire it again', { image_id });
  }

  async release({ user }: ProjectAuth, { image_id }: Where): Promise<void> {
    await this.db.locks.release(image_id, user.id, PROJECT_CHANNEL);
  }

  async forceRelease({ user }: ProjectAuth, { image_id }: Where, request_id: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      const lock = await tx.locks.release(image_id, null, PROJECT_CHANNEL);
      if (!lock) return;
      await tx.audit.record({
        project_id: lock.project_id,
        actor_id: user.id,
        action: 'lock.force',
        subject_type: 'image',
        subject_id: image_id,
        details: { holder: lock.user_id, acquired_at: lock.acquired_at },
        request_id,
      });
    });
  }

  /** Frees what has run out. Every process does it every second; each lock is found, and told of, by one of them. */
  async expire(): Promise<void> {
    await this.db.transaction(async (tx) => {
      for (const { project_id, image_id } of await tx.locks.expire())
        await this.events.publish(tx.sql, project_id, { type: 'lock', image_id, lock: null });
    });
  }
}
