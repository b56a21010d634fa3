import { ApiError, type Client, type Operation } from '@labelyard/contract';
import type { Confirmation } from '../saving/confirm-queue';
import type { OutboxOptions } from '../saving/outbox';

/**
 * Sends as the person the journal belongs to. After a refusal, or once the page was left, the session may be somebody else's
 * (signed in again, perhaps in another tab): nothing is sent in their name.
 */
export class OwnSender implements Pick<OutboxOptions, 'send' | 'confirm'> {
  private suspect = false;
  private wasLeft = false;

  constructor(
    private readonly api: Client,
    private readonly user_id: string,
    private readonly project_id: number,
  ) {}

  readonly send = (image_id: number, operations: readonly Operation[]) =>
    this.asOwner(async () => {
      const params = { project_id: this.project_id, image_id };
      return (await this.api('annotations.operations', { params, body: { operations: [...operations] } })).results;
    });

  readonly confirm = ({ image_id, task_type, confirmed }: Confirmation) =>
    this.asOwner(async () => {
      const call = confirmed ? 'images.confirm' : 'images.unconfirm';
      await this.api(call, { params: { project_id: this.project_id, image_id }, body: { task_type } });
    });

  /** The page that showed who is signed in is gone. */
  leave(): void {
    this.wasLeft = true;
  }

  private async asOwner<T>(work: () => Promise<T>): Promise<T> {
    try {
      if ((this.suspect || this.wasLeft) && (await this.api('auth.me', {})).id !== this.user_id) {
        throw new ApiError(401, 'unauthorized', 'Somebody else is signed in now');
      }
      this.suspect = false;
      return await work();
    } catch (error) {
      this.suspect ||= error instanceof ApiError && error.code === 'unauthorized';
      throw error;
    }
  }
}
