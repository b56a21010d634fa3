import { expect, type Page } from '@playwright/test';

/** The list of datasets, where everything begins. */
export class DatasetsPage {
  constructor(readonly page: Page) {}

  async expectOpen(): Promise<void> {
    await expect(this.page.getByRole('heading', { level: 1, name: 'Datasets' })).toBeVisible();
  }

  /** Fills in the form and arrives in the new dataset. `also`: task types besides detection, which is chosen already. */
  async create(name: string, also: readonly string[]): Promise<void> {
    await this.page.getByRole('button', { name: 'New dataset' }).first().click();
    const dialog = this.page.getByRole('dialog', { name: 'New dataset' });
    await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
    await expect(dialog.getByRole('checkbox', { name: 'Detection' })).toBeChecked();
    for (const type of also) await dialog.getByRole('checkbox', { name: type }).check();
    await dialog.getByRole('button', { name: 'Create dataset' }).click();
    await expect(this.page.getByRole('heading', { level: 1, name })).toBeVisible();
  }
}
