import { expect, type Locator, type Page } from '@playwright/test';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

type Tab = 'Images' | 'Classes' | 'Members' | 'Import' | 'Exports' | 'Settings';

export interface Download {
  readonly name: string;
  readonly bytes: Buffer;
  readonly sha256: string;
}

/** The pages of one dataset. */
export class DatasetPage {
  readonly cards: Locator;

  constructor(readonly page: Page) {
    this.cards = page.getByRole('main').locator('a[href*="/label?"]');
  }

  async openTab(name: Tab): Promise<void> {
    const link = this.page.getByRole('navigation', { name: 'Pages of this dataset' }).getByRole('link', { name });
    await link.click();
    await expect(link).toHaveAttribute('aria-current', 'page');
  }

  // — Classes —

  async chooseTaskType(name: string): Promise<void> {
    await this.page.getByRole('tab', { name }).click();
  }

  async addClass(name: string): Promise<void> {
    await this.page.getByRole('textbox', { name: 'Add classes' }).fill(name);
    await this.page.keyboard.press('Enter');
    await this.expectClass(name);
  }

  /** As from a spreadsheet: one name per line. */
  async pasteClasses(names: readonly string[]): Promise<void> {
    const input = this.page.getByRole('textbox', { name: 'Add classes' });
    await input.focus();
    await input.evaluate((element, text) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text', text);
      element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, names.join('\n'));
    for (const name of names) await this.expectClass(name);
  }

  async expectClass(name: string): Promise<void> {
    await expect(this.page.getByRole('textbox', { name: `Name of ${name}` })).toHaveValue(name);
  }

  // — Images —

  card(path: string): Locator {
    return this.page.getByRole('main').getByTitle(path, { exact: true });
  }

  /** The thumbnail of an image is on screen: a picture that arrived and can be shown. */
  async expectThumbnail(path: string): Promise<void> {
    const picture = this.card(path).locator('img');
    await picture.scrollIntoViewIfNeeded();
    await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0);
  }

  // — Exports —

  /** Exports with the form as it stands and waits for the file. Returns the card of the newest export. */
  async export(): Promise<Locator> {
    const jobs = this.page.getByRole('region', { name: 'Exports so far' }).getByRole('article');
    const before = await jobs.count();
    await this.page.getByRole('button', { name: 'Export', exact: true }).click();
    await expect(jobs).toHaveCount(before + 1);
    const newest = jobs.first();
    await expect(newest.getByText('Ready')).toBeVisible();
    return newest;
  }

  async download(job: Locator): Promise<Download> {
    const arriving = this.page.waitForEvent('download');
    await job.getByRole('button', { name: 'Download' }).click();
    const download = await arriving;
    const bytes = readFileSync(await download.path());
    return {
      name: download.suggestedFilename(),
      bytes,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    };
  }
}
