import { expect, type Locator, type Page } from '@playwright/test';

export type Point = readonly [x: number, y: number];
export type Bbox = readonly [x: number, y: number, width: number, height: number];

/** What the canvas shows where: an image point lies at `origin + point × zoom` on the page. */
interface View {
  readonly left: number;
  readonly top: number;
  readonly zoom: number;
}

/** A pixel of the screen that can be aimed at, and the image point under it as the editor stores it. */
export interface Aim {
  readonly screen: Point;
  readonly image: Point;
}

export type SaveState = 'saved' | 'saving' | 'waiting' | 'signed_out' | 'attention';

/** The labeling page as a person uses it: eyes, mouse and keys. Image coordinates go in, exact image coordinates come out. */
export class WorkbenchPage {
  readonly canvas: Locator;
  readonly saveState: Locator;
  readonly confirmButton: Locator;
  readonly title: Locator;
  readonly labels: Locator;
  readonly labelCount: Locator;
  readonly classSearch: Locator;
  readonly strip: Locator;

  constructor(readonly page: Page) {
    this.canvas = page.getByRole('application', { name: 'Image to label' });
    this.saveState = page.locator('[data-save-state]');
    this.confirmButton = page.getByRole('button', { name: 'Confirm and next' });
    this.title = page.getByRole('heading', { level: 1 });
    this.labels = page.getByRole('region', { name: 'Labels' });
    this.labelCount = page.getByTestId('shape-count');
    this.strip = page.getByTestId('strip');
    this.classSearch = page.getByRole('combobox', { name: 'Find a class' });
  }

  async open(dataset_id: number, options: { image_id?: number; task?: string } = {}): Promise<void> {
    const query = new URLSearchParams();
    if (options.image_id !== undefined) query.set('image', String(options.image_id));
    if (options.task !== undefined) query.set('task', options.task);
    await this.page.goto(`/datasets/${dataset_id}/label?${query}`);
    await this.ready();
  }

  /** The image and its labels are on screen. */
  async ready(name?: string): Promise<void> {
    if (name !== undefined) await expect(this.title).toContainText(name);
    await expect(this.canvas).toHaveAttribute('data-camera');
    await expect(this.canvas).toHaveAttribute('data-image-id');
  }

  // — Where things are —

  async view(): Promise<View> {
    const [x, y, zoom] = ((await this.canvas.getAttribute('data-camera')) ?? '').split(' ').map(Number);
    const box = await this.canvas.boundingBox();
    if (!box || x === undefined || y === undefined || !zoom) throw new Error('The canvas shows no image');
    return { left: box.x + x, top: box.y + y, zoom };
  }

  /** The screen pixel nearest to an image point, and which image point that pixel really is. */
  async aim([x, y]: Point): Promise<Aim> {
    const { left, top, zoom } = await this.view();
    const screen: Point = [Math.round(left + x * zoom), Math.round(top + y * zoom)];
    return { screen, image: [hundredths((screen[0] - left) / zoom), hundredths((screen[1] - top) / zoom)] };
  }

  // — The hand —

  tool(name: 'Select' | 'Box' | 'Polygon' | 'Classify image'): Promise<void> {
    return this.page.getByRole('toolbar', { name: 'Tools' }).getByRole('button', { name }).click();
  }

  chooseClass(name: string): Promise<void> {
    return this.page.getByRole('listbox', { name: 'Classes' }).getByText(name, { exact: true }).click();
  }

  async drag(from: Aim, to: Aim): Promise<void> {
    const { mouse } = this.page;
    await mouse.move(...from.screen);
    await mouse.down();
    await mouse.move((from.screen[0] + to.screen[0]) / 2, (from.screen[1] + to.screen[1]) / 2);
    await mouse.move(...to.screen);
    await mouse.up();
  }

  async click(at: Point): Promise<Aim> {
    const aim = await this.aim(at);
    await this.page.mouse.move(...aim.screen);
    await this.page.mouse.click(...aim.screen);
    return aim;
  }

  /** Pulls a box open with the box tool. Returns the box that must come out of it. */
  async drawBox(from: Point, to: Point): Promise<Bbox> {
    const [a, b] = [await this.aim(from), await this.aim(to)];
    await this.drag(a, b);
    return boxOf(a.image, b.image);
  }

  /** The same between two pixels of the screen. */
  async drawBoxOnScreen(from: Point, to: Point): Promise<Bbox> {
    const { left, top, zoom } = await this.view();
    const aim = ([x, y]: Point): Aim => ({
      screen: [x, y],
      image: [hundredths((x - left) / zoom), hundredths((y - top) / zoom)],
    });
    const [a, b] = [aim(from), aim(to)];
    await this.drag(a, b);
    return boxOf(a.image, b.image);
  }

  /** Takes hold of what is at an image point and pulls it by about `by` image pixels. Returns by how many exactly. */
  async dragBy([x, y]: Point, by: Point): Promise<Point> {
    const { zoom } = await this.view();
    const [from, to] = [await this.aim([x, y]), await this.aim([x + by[0], y + by[1]])];
    await this.drag(from, to);
    return [(to.screen[0] - from.screen[0]) / zoom, (to.screen[1] - from.screen[1]) / zoom];
  }

  /** Clicks the vertices with the polygon tool and closes on the first. Returns the ring that must come out of it. */
  async drawPolygon(points: readonly Point[]): Promise<Point[]> {
    const ring: Point[] = [];
    for (const point of points) ring.push((await this.click(point)).image);
    const [first] = points;
    if (first) await this.click(first);
    return ring;
  }

  // — What it says —

  async expectLabels(count: number): Promise<void> {
    await expect(this.labelCount).toHaveText(String(count));
  }

  async expectSaveState(state: SaveState): Promise<void> {
    await expect(this.saveState).toHaveAttribute('data-save-state', state);
  }

  /** Every edit has reached the server. */
  saved(): Promise<void> {
    return this.expectSaveState('saved');
  }

  // — Images —

  async confirmAndNext(): Promise<void> {
    await this.confirmButton.click();
  }

  /** Paths of the images in the strip, in its order. */
  async stripNames(): Promise<string[]> {
    const titles = await this.strip.getByRole('button').all();
    return Promise.all(titles.map(async (button) => (await button.getAttribute('title')) ?? ''));
  }

  async openFromStrip(path: string): Promise<void> {
    await this.strip.getByTitle(path, { exact: true }).click();
    await this.ready(path.split('/').at(-1));
  }
}

/** Coordinates are kept to 1/100 px. */
export function hundredths(value: number): number {
  return Math.round(value * 100) / 100 + 0;
}

export function boxOf([ax, ay]: Point, [bx, by]: Point): Bbox {
  const [left, top] = [Math.min(ax, bx), Math.min(ay, by)];
  return [left, top, hundredths(Math.max(ax, bx) - left), hundredths(Math.max(ay, by) - top)];
}
