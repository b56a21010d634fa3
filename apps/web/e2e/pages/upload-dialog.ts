import { expect, type Locator, type Page } from '@playwright/test';
import { dropFiles } from '../drop-files';

export interface UploadCounts {
  readonly uploaded: number;
  readonly skipped?: number;
  readonly refused?: number;
}

/** Where files are dropped or chosen, and each of them is followed. */
export class UploadDialog {
  readonly dialog: Locator;
  readonly status: Locator;

  constructor(readonly page: Page) {
    this.dialog = page.getByRole('dialog', { name: /^Upload to/u });
    this.status = this.dialog.getByRole('region', { name: 'Progress of the upload' }).getByRole('status');
  }

  async open(): Promise<void> {
    await this.page.getByRole('button', { name: 'Upload', exact: true }).click();
    await expect(this.dialog).toBeVisible();
  }

  async close(): Promise<void> {
    await this.dialog
      .getByRole('button', { name: /^(?:Done|Close)$/u })
      .last()
      .click();
    await expect(this.dialog).toBeHidden();
  }

  async drop(paths: readonly string[]): Promise<void> {
    await dropFiles(this.page, this.dialog.getByText('Drop files, folders or ZIP archives here'), paths);
  }

  async chooseFiles(paths: readonly string[]): Promise<void> {
    const asked = this.page.waitForEvent('filechooser');
    await this.button('Choose files').click();
    await (await asked).setFiles([...paths]);
  }

  async chooseFolder(path: string): Promise<void> {
    const asked = this.page.waitForEvent('filechooser');
    await this.button('Choose a folder').click();
    await (await asked).setFiles(path);
  }

  /** Not the browser's own file input of the same name behind it. */
  private button(text: string): Locator {
    return this.dialog.locator('button').filter({ hasText: text });
  }

  async onDuplicate(choice: 'Skip the file' | 'Replace the image' | 'Keep both under different names'): Promise<void> {
    await this.dialog.getByRole('combobox', { name: 'When the dataset has the path already' }).click();
    await this.page.getByRole('option', { name: choice }).click();
  }

  async expectFinished({ uploaded, skipped = 0, refused = 0 }: UploadCounts): Promise<void> {
    const words = [
      uploaded === 0 ? 'Nothing new' : `${uploaded} ${uploaded === 1 ? 'image' : 'images'} uploaded`,
      ...(skipped > 0 ? [`${skipped} skipped`] : []),
      ...(refused > 0 ? [`${refused} refused`] : []),
    ];
    await expect(this.status).toHaveText(words.join(', '));
  }

  /** What the list says about a file. */
  row(path: string): Locator {
    return this.dialog
      .getByRole('region', { name: 'Files of this upload' })
      .getByRole('listitem')
      .filter({
        has: this.page.getByTitle(path, { exact: true }),
      });
  }
}
