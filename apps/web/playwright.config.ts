import { defineConfig } from '@playwright/test';
import { env } from './e2e/env';

const { browser, web_url } = env();
const isRoot = process.getuid?.() === 0;

/** Only `e2e/run.mjs` starts it: the journeys need the stack it brings up. */
export default defineConfig({
  testDir: 'e2e',
  reporter: [['list'], ['json']],
  // Generous: two cores may be shared with other work. A journey that hangs fails all the same.
  timeout: 240_000,
  expect: { timeout: 45_000 },
  // A journey that passes only the second time is told by name: somebody has to look at it. It does not hold up the others' work.
  retries: 1,
  forbidOnly: true,
  fullyParallel: true,
  // Journeys that kill programs of the stack have one to themselves; those about replicas need another stack.
  projects: [
    { name: 'journeys', testIgnore: ['*.failures.spec.ts', '*.replicas.spec.ts'] },
    { name: 'failures', testMatch: '*.failures.spec.ts' },
    { name: 'replicas', testMatch: '*.replicas.spec.ts' },
  ],
  use: {
    baseURL: web_url,
    actionTimeout: 30_000,
    browserName: 'chromium',
    viewport: { width: 1440, height: 900 },
    locale: 'en-US',
    timezoneId: 'Asia/Seoul',
    colorScheme: 'dark',
    // A trace copies the page before and after every step, which is a quarter of all the processor time a journey takes.
    trace: { mode: 'on-first-retry', screenshots: false },
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: browser,
      // Chromium's sandbox refuses root; /dev/shm is tiny in containers; without a graphics card, pretending to have one costs
      // more than painting without.
      args: ['--disable-dev-shm-usage', '--disable-gpu', ...(isRoot ? ['--no-sandbox'] : [])],
    },
  },
});
