import type { Locator, Page } from '@playwright/test';
import { env } from '../env';

export class LoginPage {
  readonly email: Locator;
  readonly password: Locator;

  constructor(readonly page: Page) {
    this.email = page.getByRole('textbox', { name: 'E-mail' });
    this.password = page.getByLabel('Password', { exact: true });
  }

  /** As the person who owns what the journeys make, unless told otherwise. */
  async signIn({ email = env().people[0]?.email ?? '', password = env().password } = {}): Promise<void> {
    await this.email.fill(email);
    await this.password.fill(password);
    await this.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  }
}
