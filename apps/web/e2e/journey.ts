import { test as base, expect, type Page } from '@playwright/test';
import { openSession, signIn, type Session } from './session';

/** What the browser complained about. A journey ends with an empty list, unless it has said what it expects. */
export class Complaints {
  private readonly heard: string[] = [];
  private readonly expected: RegExp[] = [];

  /** Complaints that belong to the journey, such as failed requests while the server is dead. */
  allow(...patterns: RegExp[]): void {
    this.expected.push(...patterns);
  }

  listen(page: Page): void {
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning')
        this.heard.push(`${message.type()}: ${message.text()} (${message.location().url})`);
    });
    page.on('pageerror', (error) => this.heard.push(`uncaught on ${page.url()}: ${error.stack ?? error.message}`));
  }

  get unexpected(): string[] {
    return this.heard.filter((line) => !this.expected.some((pattern) => pattern.test(line)));
  }
}

interface JourneyOptions {
  /** Whether the journey begins signed in. */
  signed_in: boolean;
}

interface Journey {
  complaints: Complaints;
}

interface JourneyWorker {
  /** Who owns what the journeys make. */
  owner: Session;
}

export const test = base.extend<JourneyOptions & Journey, JourneyWorker>({
  owner: [
    // Playwright reads what a fixture needs from this pattern.
    // oxlint-disable-next-line no-empty-pattern
    async ({}, provide) => provide(await openSession()),
    { scope: 'worker' },
  ],
  signed_in: [true, { option: true }],
  complaints: [
    async ({ context }, provide) => {
      const complaints = new Complaints();
      context.on('page', (page) => complaints.listen(page));
      await provide(complaints);
      expect(complaints.unexpected, 'complaints in the browser console').toEqual([]);
    },
    { auto: true },
  ],
  context: async ({ context, owner, signed_in }, provide) => {
    if (signed_in) await signIn(context, owner);
    await provide(context);
  },
});

export { expect };
