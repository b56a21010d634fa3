import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeDataset, type MadeDataset } from './dataset';
import { env } from './env';
import { expect, test } from './journey';
import { WorkbenchPage } from './pages/workbench-page';
import { photo } from './pictures/photo';
import { savedLabels } from './saved-labels';
import { openSession, type Session } from './session';
import { cocoBoxes, stageImport } from './staged-import';

const SHOTS = join(import.meta.dirname, '..', 'reports', 'screenshots');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const WIDTHS = { wide: { width: 1440, height: 900 }, narrow: { width: 390, height: 844 } } as const;
const THEMES = ['dark', 'light'] as const;
/** Accessibility depends on the theme (contrast) and on the width (what is there), not on their pairs: each is checked once. */
const CHECKED = { wide: 'dark', narrow: 'light' } as const;
/** Cumulative layout shift that Google's web vitals call good is 0.1. */
const MOST_SHIFT = 0.05;

test.use({ reducedMotion: 'reduce' });

/** A dataset as it looks in the middle of the work. */
async function lively(owner: Session): Promise<MadeDataset> {
  const files = await Promise.all(
    Array.from({ length: 9 }, async (_, i) => ({
      name: `${i < 5 ? 'north' : 'south'}/crossing-${String(i + 1).padStart(3, '0')}.jpg`,
      bytes: await photo({ width: 900, height: 600, seed: i + 1 }),
    })),
  );
  const made = await makeDataset(owner, {
    name: 'City crossings',
    classes: {
      detection: ['car', 'person', 'bicycle', 'traffic light'],
      segmentation: ['road', 'building', 'sky'],
      classification: ['day', 'night'],
    },
    files: files.map(({ name, bytes }) => ({ name: name.replace('/', '-'), bytes })),
  });
  const { dataset, classes, images } = made;
  for (const [i, image] of images.slice(0, 5).entries()) {
    const params = { project_id: dataset.project_id, image_id: image.id };
    const box = (n: number) =>
      ({
        op: 'create',
        op_id: crypto.randomUUID(),
        task_type: 'detection',
        class_id: classes[n % 4]!.id,
        geometry: { type: 'bbox', bbox: [60 + n * 150, 320 + (n % 3) * 40, 110, 90] },
      }) as const;
    await owner.api('annotations.operations', {
      params,
      body: {
        operations: [
          ...Array.from({ length: 4 }, (_, n) => box(n)),
          {
            op: 'create',
            op_id: crypto.randomUUID(),
            task_type: 'segmentation',
            class_id: classes[4]!.id,
            geometry: {
              type: 'polygon',
              polygons: [
                [
                  [
                    [100, 590],
                    [420, 430],
                    [620, 440],
                    [800, 590],
                  ],
                  [],
                ],
              ],
            },
          },
        ],
      },
    });
    if (i < 3) await owner.api('images.confirm', { params, body: { task_type: 'detection' } });
  }
  await owner.api('exports.create', { body: { project_id: dataset.project_id, format: 'coco' } });
  return made;
}

/** Everything a person sees has arrived. */
async function settle(page: Page): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  await expect
    .poll(() =>
      page.evaluate(
        () =>
          document.querySelectorAll('[aria-busy="true"]').length +
          [...document.images].filter((img) => !img.complete && img.getBoundingClientRect().top < innerHeight).length,
      ),
    )
    .toBe(0);
}

type Width = keyof typeof WIDTHS;
type Theme = (typeof THEMES)[number];

/** Whether a width is looked at in a theme. Colours do not depend on the language: the second one has each once. */
const isSeen = (language: string | null, width: Width, theme: Theme) => language === 'en' || CHECKED[width] === theme;

/** Whether its accessibility is checked then. What is there in another language is the same, in other words. */
const isChecked = (language: string | null, width: Width, theme: Theme) =>
  CHECKED[width] === theme && (language === 'en' || width === 'wide');

/** One page in both themes and widths: a picture of each, no accessibility violation, nothing that sticks out sideways. */
async function look(page: Page, name: string, { alsoNarrow = true } = {}): Promise<void> {
  const language = await page.locator('html').getAttribute('lang');
  for (const width of ['wide', 'narrow'] as const) {
    if (width === 'narrow' && !alsoNarrow) continue;
    await page.setViewportSize(WIDTHS[width]);
    for (const colorScheme of THEMES.filter((theme) => isSeen(language, width, theme))) {
      await page.emulateMedia({ colorScheme });
      await settle(page);
      await page.screenshot({ path: join(SHOTS, `${name}-${width}-${colorScheme}.png`) });
      const where = `${name}, ${width}, ${colorScheme}`;
      if (isChecked(language, width, colorScheme)) {
        // What the canvas paints is no document; its keyboard and labels panel are the accessible way to it.
        const axe = new AxeBuilder({ page })
          .options({ resultTypes: ['violations'] })
          .withTags(RULES)
          .exclude('canvas')
          .setLegacyMode(true);
        const { violations } = await axe.analyze();
        const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`);
        expect.soft(found, `accessibility of ${where}`).toEqual([]);
      }
      const sticksOut = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect.soft(sticksOut, `pixels that stick out of ${where}`).toBeLessThanOrEqual(0);
      await expect.poll(() => currentTabsFit(page), `the tab one is on in ${where}`).toBe(true);
    }
  }
  await page.setViewportSize(WIDTHS.wide);
}

/** Whether the page one is on is in sight among the others, however narrow the window. */
function currentTabsFit(page: Page): Promise<boolean> {
  return page.locator('nav [aria-current="page"]').evaluateAll((tabs) =>
    tabs.every((tab) => {
      const { left, right } = tab.getBoundingClientRect();
      return left >= 0 && right <= innerWidth;
    }),
  );
}

/** How much the page jumped while it was loading, and what jumped. */
function shiftOf(page: Page): Promise<{ sum: number; moved: string[] }> {
  return page.evaluate(
    () =>
      new Promise<{ sum: number; moved: string[] }>((resolve) => {
        let sum = 0;
        const moved: string[] = [];
        const observer = new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) {
            const { value, sources, startTime } = entry as PerformanceEntry & {
              value: number;
              sources: { node: Node | null; previousRect: DOMRect; currentRect: DOMRect }[];
            };
            sum += value;
            for (const { node, previousRect: from, currentRect: to } of sources) {
              const html = node instanceof Element ? node.outerHTML.slice(0, 120) : (node?.textContent ?? 'gone');
              const rect = (r: DOMRect) => [r.x, r.y, r.width, r.height].map(Math.round).join(' ');
              moved.push(`${Math.round(startTime)} ms: [${rect(from)}] → [${rect(to)}] ${html}`);
            }
          }
        });
        observer.observe({ type: 'layout-shift', buffered: true });
        requestAnimationFrame(() => requestAnimationFrame(() => resolve({ sum, moved })));
      }),
  );
}

async function expectSteady(page: Page, name: string): Promise<void> {
  const { sum, moved } = await shiftOf(page);
  expect.soft(sum, `layout shift of ${name}: ${moved.join('; ')}`).toBeLessThan(MOST_SHIFT);
}

test.beforeAll(() => void mkdirSync(SHOTS, { recursive: true }));

for (const locale of ['en', 'ko'] as const) {
  test.describe(`in ${locale}`, () => {
    test.beforeEach(({ context }) =>
      context.addCookies([{ name: 'labelyard_locale', value: locale, url: env().web_url }]),
    );

    test('the pages of a dataset', async ({ page, owner, complaints }) => {
      test.setTimeout(300_000);
      // A page that does not exist answers so, and the browser says it.
      complaints.allow(/status of 404 .*987654321/u);
      const { dataset, images } = await lively(owner);
      const base = `/datasets/${dataset.id}`;
      const visit = async (path: string, name: string, marker: string | RegExp) => {
        await page.goto(path);
        await expect(page.getByText(marker).first()).toBeVisible();
        await settle(page);
        await expectSteady(page, name);
        await look(page, `${name}-${locale}`);
      };
      // Found by its name: other journeys make datasets meanwhile, which may rightly push the others aside.
      await visit(`/datasets?q=${encodeURIComponent(dataset.name)}`, 'datasets', dataset.name);
      await visit(base, 'dataset-images', 'north-crossing-001.jpg');
      await visit(`${base}/classes`, 'dataset-classes', /1|2/u);
      await visit(`${base}/members`, 'dataset-members', 'Olga Owner');
      await visit(`${base}/exports`, 'dataset-exports', 'SHA-256');
      await visit(`${base}/settings`, 'dataset-settings', locale === 'en' ? 'Delete this dataset' : /삭제/u);
      await visit('/datasets/987654321', 'not-found', /\S/u);

      await page.goto(`${base}/label?image=${images[0]!.id}&task=detection`);
      await expect(page.getByTestId('canvas')).toHaveAttribute('data-image-id');
      await expect(page.getByTestId('shape-count')).toHaveText('5');
      await look(page, `workbench-${locale}`);
      await page.keyboard.press('?');
      await expect(page.getByRole('dialog')).toBeVisible();
      await look(page, `workbench-keys-${locale}`);
    });

    test('the page of imports', async ({ page, owner }) => {
      test.setTimeout(120_000);
      const { dataset, images } = await makeDataset(owner, {
        name: 'Labels from elsewhere',
        classes: { detection: ['car', 'person'] },
        files: [{ name: 'a.jpg', bytes: await photo({ width: 640, height: 480, seed: 1 }) }],
      });
      const rows = ['car', 'Person', 'traffic light (red)'].flatMap((name, n) =>
        Array.from({ length: 4 }, (_, m) => ['a.jpg', name, 10 * m, 20 * n, 30, 30] as const),
      );
      const broken = ['gone.jpg', 'car', 1, 1, 5, 5] as const;
      const text = cocoBoxes([...images, { path: 'gone.jpg', width: 9, height: 9 }], [...rows, broken]);
      await stageImport(owner, dataset, 'city/instances_train2017.json', text);
      await page.goto(`/datasets/${dataset.id}/imports`);
      const problems = page.getByRole('article').getByRole('button', { expanded: false });
      await problems.first().click();
      await expect(page.getByText('gone.jpg').first()).toBeVisible();
      await look(page, `dataset-imports-${locale}`);
    });

    test('the pages about people', async ({ page, owner }) => {
      test.setTimeout(300_000);
      const { dataset } = await makeDataset(owner, { name: 'People' });
      const { project_id } = dataset;
      const me = await owner.api('auth.me', {});
      const guest = await openSession(1);
      const { id: user_id } = await guest.api('auth.me', {});
      await owner.api('members.add', { params: { project_id }, body: { user_id, role: 'reviewer' } });
      const { token } = await owner.api('invitations.create', {
        body: { project_id, email: 'somebody.with.a.long.name@example.org', role: 'annotator', message: 'Welcome!' },
      });
      const theirs = await makeDataset(guest, { name: 'Crossings at night', files: [] });
      const body = {
        project_id: theirs.dataset.project_id,
        user_id: me.id,
        role: 'annotator',
        message: '같이 해요',
      } as const;
      await guest.api('invitations.create', { body });
      const show = async (path: string, name: string) => {
        await page.goto(path);
        await expect(page.getByRole('heading').first()).toBeVisible();
        await expect(page.getByRole('status', { name: locale === 'en' ? 'Loading…' : '불러오는 중…' })).toHaveCount(0);
        await look(page, `${name}-${locale}`);
      };
      await show(`/datasets/${dataset.id}/members`, 'members');
      await page.getByRole('button', { name: locale === 'en' ? 'Add people' : '멤버 추가' }).click();
      await expect(page.getByRole('option').first()).toBeVisible();
      await look(page, `member-search-${locale}`);
      await page.getByRole('combobox').last().fill('new@example.org');
      await page.getByRole('option').first().click();
      await look(page, `member-invite-${locale}`);
      await show('/invitations', 'invitations');
      await show(`/invitations/${token}`, 'invitation-link');
      await show('/admin/people', 'people');
      await page.getByRole('button', { name: locale === 'en' ? 'Add person' : '사용자 추가' }).click();
      await expect(page.getByRole('dialog')).toBeVisible();
      await look(page, `person-add-${locale}`);
      await show('/account', 'account');
      await show('/help/permissions', 'permissions');
    });

    test('the pages of teamwork', async ({ page, owner, complaints }) => {
      test.setTimeout(300_000);
      // Images of another task are moved only when that was said.
      complaints.allow(/status of 422 .*\/images/u);
      const { dataset, images } = await lively(owner);
      const { project_id } = dataset;
      const params = { project_id };
      const me = await owner.api('auth.me', {});
      const other = await openSession(1);
      const { id: user_id } = await other.api('auth.me', {});
      await owner.api('members.add', { params, body: { user_id, role: 'reviewer' } });
      const split = { task_type: 'detection', due_at: '2030-05-01T14:59:59Z' } as const;
      const [first] = (
        await owner.api('tasks.create', {
          params,
          body: {
            ...split,
            name: 'North side',
            rule: { by: 'count', count: 3 },
            assignees: [me.id, user_id],
          },
        })
      ).items;
      const image_id = images[0]!.id;
      await other.api('images.reject', {
        params: { ...params, image_id },
        body: { task_type: 'detection', comment: 'The second car is cut off on the left' },
      });
      await other.api('comments.create', {
        params,
        body: { image_id, body: '여기 자전거가 빠졌어요', mentions: [me.id], point: [300, 300] },
      });
      await owner.api('service_tokens.create', {
        params,
        body: { name: 'Training pipeline', scopes: ['projects:read', 'exports:read'], expires_in_days: 90 },
      });
      await other.api('datasets.update', { params: { dataset_id: dataset.id }, body: { name: 'x' } }).catch(() => null);
      const base = `/datasets/${dataset.id}`;
      const show = async (path: string, name: string, marker: string | RegExp) => {
        await page.goto(path);
        await expect(page.getByText(marker).first()).toBeVisible();
        await expect(page.getByRole('status', { name: locale === 'en' ? 'Loading…' : '불러오는 중…' })).toHaveCount(0);
        await expectSteady(page, name);
        await look(page, `${name}-${locale}`);
      };
      await show(`${base}/tasks`, 'tasks', first!.name);
      await page
        .getByRole('button', { name: locale === 'en' ? 'Split into tasks' : /나누기/u })
        .first()
        .click();
      await expect(page.getByRole('dialog')).toBeVisible();
      await look(page, `task-split-${locale}`);
      await show(`${base}/review`, 'review', /crossing-002/u);
      await page.goto(`${base}?task_id=${first!.id}`);
      await expect(page.getByText(first!.name)).toBeVisible();
      await page.getByRole('button', { name: locale === 'en' ? 'Select images' : /선택/u }).click();
      await page.getByRole('button', { name: locale === 'en' ? /^Select all/u : /모두 선택/u }).click();
      await page.getByRole('button', { name: locale === 'en' ? 'Add to a task…' : '기존 작업에 추가…' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('radio').first().check();
      await dialog.getByRole('button', { name: locale === 'en' ? 'Add images' : '이미지 추가' }).click();
      await dialog.getByRole('alert').getByRole('checkbox').click();
      await look(page, `task-add-images-${locale}`);
      await dialog.getByRole('button', { name: locale === 'en' ? 'Add images' : '이미지 추가' }).click();
      await expect(dialog).toBeHidden();
      const moved = await owner.api('tasks.get', { params: { task_id: first!.id } });
      expect(moved.image_count).toBe(0);
      await show(`${base}/activity`, 'activity', /crossing-001/u);
      await show(`${base}/settings`, 'tokens-and-audit', 'Training pipeline');
      await page.getByText('Training pipeline').first().scrollIntoViewIfNeeded();
      await look(page, `tokens-${locale}`);
      await page.getByRole('table').scrollIntoViewIfNeeded();
      await look(page, `audit-${locale}`);
      await show('/work', 'my-work', /crossing-001/u);
      await show('/admin/audit', 'admin-audit', 'auth.login');
      await show('/admin/tokens', 'admin-tokens', /\S/u);
      await page.goto('/datasets');
      await page.getByRole('button', { name: locale === 'en' ? /^Inbox/u : /^알림/u }).click();
      await expect(page.getByText('여기 자전거가 빠졌어요').first()).toBeVisible();
      await look(page, `inbox-${locale}`);
    });

    test('the pages of versions', async ({ page, owner }) => {
      test.setTimeout(120_000);
      const { dataset, images } = await lively(owner);
      const params = { project_id: dataset.project_id };
      const { id } = await owner.api('versions.publish', {
        params,
        body: { note: 'First corrected set\n첫 번째 교정본' },
      });
      const status = async () => (await owner.api('versions.get', { params: { version_id: id } })).status;
      await expect.poll(status).toBe('published');
      const image_id = images[0]!.id;
      const [moved, removed] = await savedLabels(owner, dataset.project_id, image_id);
      await owner.api('annotations.update', {
        params: { annotation_id: moved!.id },
        body: { version: moved!.version, geometry: { type: 'bbox', bbox: [100, 100, 300, 200] } },
      });
      await owner.api('annotations.delete', {
        params: { annotation_id: removed!.id },
        query: { version: removed!.version },
      });

      await page.goto(`/datasets/${dataset.id}/versions`);
      await expect(page.getByText('첫 번째 교정본')).toBeVisible();
      await page.locator('summary').click();
      await look(page, `versions-${locale}`);
      await page.getByRole('button', { name: locale === 'en' ? 'Publish a version' : /게시|발행/u }).click();
      await expect(page.getByRole('dialog').getByRole('list')).toBeVisible();
      await look(page, `version-publish-${locale}`);
      await page.keyboard.press('Escape');
      await page.getByRole('article').getByRole('button').nth(1).click();
      await expect(page.getByTestId('diff-total')).toBeVisible();
      await expect(page.getByRole('dialog').getByRole('figure').getByRole('img')).toBeVisible();
      await look(page, `version-diff-${locale}`);
      await page.keyboard.press('Escape');
      await page
        .getByRole('article')
        .getByRole('button', { name: locale === 'en' ? 'Bring back' : '복원' })
        .click();
      await expect(page.getByRole('dialog').locator('[data-restore]').first()).toBeVisible();
      await look(page, `version-restore-${locale}`);

      await page.goto(`/datasets/${dataset.id}/label?image=${image_id}&task=detection`);
      await expect(page.getByTestId('canvas')).toHaveAttribute('data-image-id');
      await page
        .getByRole('button', { name: locale === 'en' ? 'History of the image' : /이미지.*(?:기록|이력)/u })
        .click();
      await expect(page.getByRole('dialog').getByRole('slider')).toBeVisible();
      await look(page, `image-past-${locale}`);
    });

    test('what opens over the pages', async ({ page, owner }) => {
      const { dataset } = await makeDataset(owner, { name: 'Overlays' });
      await page.goto('/datasets');
      await expect(page.getByRole('link', { name: dataset.name })).toBeVisible();
      await page.getByRole('button', { name: locale === 'en' ? 'New dataset' : '새 데이터셋' }).click();
      await expect(page.getByRole('dialog')).toBeVisible();
      await look(page, `dialog-create-${locale}`);
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+k');
      await expect(page.getByRole('dialog')).toBeVisible();
      await look(page, `palette-${locale}`);
    });

    test.describe('signed out', () => {
      test.use({ signed_in: false });
      test('the sign-in page', async ({ page }) => {
        await page.goto('/login');
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        await expectSteady(page, 'sign-in');
        await look(page, `login-${locale}`);
      });
    });
  });
}

test('an empty dataset says what to do next', async ({ page, owner }) => {
  const { dataset } = await makeDataset(owner, { name: 'Empty', files: [] });
  await page.goto(`/datasets/${dataset.id}`);
  await expect(page.getByRole('heading', { name: 'No images yet' })).toBeVisible();
  await look(page, 'dataset-empty-en');
  const bench = new WorkbenchPage(page);
  await page.goto(`/datasets/${dataset.id}/label`);
  await expect(page.getByText('No images here')).toBeVisible();
  await expect(bench.confirmButton).toBeDisabled();
  await look(page, 'workbench-empty-en');
});
