import { StorageRefused, type Storage } from '@labelyard/storage';
import { Module, type OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from 'pino';
import { InjectLog, InjectStorage } from '../connections.js';
import { StorageController } from './storage.controller.js';

const START_TIMEOUT_MS = 10_000;

@Module({ controllers: [StorageController] })
export class StorageModule implements OnApplicationBootstrap {
  constructor(
    @InjectStorage() private readonly storage: Storage,
    @InjectLog() private readonly log: Logger,
  ) {}

  /**
   * A storage that says no (credentials, bucket) stops the start: somebody must change a setting. One that does not answer may
   * come back; until then what needs it is answered 503.
   */
  async onApplicationBootstrap(): Promise<void> {
    try {
      await this.storage.ping({ signal: AbortSignal.timeout(START_TIMEOUT_MS) });
    } catch (error) {
      if (error instanceof StorageRefused) throw error;
      this.log.error({ err: error }, 'The storage does not answer; uploads, images and exports fail until it does');
    }
  }
}
