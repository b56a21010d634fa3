import type { TaskType } from '@labelyard/domain';
import type { Journal, JournalScope } from './journal';

/** Somebody said that an image is done (or not) while the server took no changes. */
export interface Confirmation {
  readonly image_id: number;
  readonly task_type: TaskType;
  readonly confirmed: boolean;
}

type Kept = Pick<Journal, 'writeConfirmation' | 'forgetConfirmation' | 'readConfirmations'>;

const keyOf = ({ image_id, task_type }: Pick<Confirmation, 'image_id' | 'task_type'>) => `${image_id} ${task_type}`;

/** What is to be confirmed once the image's edits are through, on disk before anybody is told that it waits. */
export class ConfirmQueue {
  private readonly waiting = new Map<string, Confirmation>();

  constructor(
    private readonly scope: Omit<JournalScope, 'image_id'>,
    private readonly journal: Kept,
  ) {}

  get size(): number {
    return this.waiting.size;
  }

  async restore(): Promise<void> {
    const { user_id, session, project_id } = this.scope;
    for (const { image_id, task_type, confirmed, ...record } of await this.journal.readConfirmations(user_id))
      if (record.session === session && record.project_id === project_id)
        this.waiting.set(keyOf({ image_id, task_type }), { image_id, task_type, confirmed });
  }

  /** The last word on an image counts. @throws when this browser keeps nothing */
  async add(confirmation: Confirmation): Promise<void> {
    const { image_id, ...rest } = confirmation;
    await this.journal.writeConfirmation({ ...this.scope, image_id }, rest);
    this.waiting.set(keyOf(confirmation), confirmation);
  }

  /** The next one whose image is ready for it. */
  next(isReady: (image_id: number) => boolean): Confirmation | undefined {
    return [...this.waiting.values()].find(({ image_id }) => isReady(image_id));
  }

  /** It was sent, or is not meant any more. */
  async forget(confirmation: Pick<Confirmation, 'image_id' | 'task_type'>): Promise<void> {
    this.waiting.delete(keyOf(confirmation));
    await this.journal.forgetConfirmation({ ...this.scope, image_id: confirmation.image_id }, confirmation.task_type);
  }

  of(image_id: number): readonly Confirmation[] {
    return [...this.waiting.values()].filter((one) => one.image_id === image_id);
  }
}
