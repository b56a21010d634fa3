import { checkCoco } from '@labelyard/formats';
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expectedRows, readableRows, type CocoFile, type DrawnShape } from './coco-file';
import { expect, test } from './journey';
import { DatasetPage } from './pages/dataset-page';
import { DatasetsPage } from './pages/datasets-page';
import { LoginPage } from './pages/login-page';
import { UploadDialog } from './pages/upload-dialog';
import { hundredths, WorkbenchPage, type Bbox, type Point } from './pages/workbench-page';
import { findMark } from './pictures/find-mark';
import { photo, type Mark } from './pictures/photo';
import { NO_PHOTOS, realPhotos } from './pictures/real-photos';

test.use({ signed_in: false });

const MARK: Mark = { x: 300, y: 200, width: 260, height: 140, color: '#ff00ff' };
/** As macOS names it: each letter and its marks apart. */
const UNICODE_NAME = '서울 거리 é.png'.normalize('NFD');

/** Files on this machine's disk, as a person has them. */
async function filesToUpload(dir: string) {
  const [first, second] = ['2011_000003.jpg', 'demo_pandas.jpg'].map((name) =>
    realPhotos().find((path) => basename(path) === name),
  );
  if (!first || !second) test.info().annotations.push({ type: 'note', description: NO_PHOTOS });
  const write = (name: string, bytes: Buffer | string) => {
    const path = join(dir, name);
    writeFileSync(path, bytes);
    return path;
  };
  mkdirSync(join(dir, 'street', 'night'), { recursive: true });
  const pictures = [
    first ?? write('first.jpg', await photo({ width: 500, height: 338, seed: 3 })),
    second ?? write('second.jpg', await photo({ width: 900, height: 600, seed: 4 })),
    write(UNICODE_NAME, await photo({ width: 900, height: 600, seed: 5, marks: [MARK], format: 'png' })),
  ];
  const broken = write('holiday.jpg', 'these bytes are no photograph');
  write('street/one.jpg', await photo({ width: 640, height: 480, seed: 6 }));
  write('street/night/two.webp', await photo({ width: 640, height: 480, seed: 7, format: 'webp' }));
  write('street/.DS_Store', 'litter of the operating system');
  return { pictures, broken, folder: join(dir, 'street') };
}

test('from signing in to a verified COCO file', async ({ page, complaints }) => {
  test.setTimeout(120_000);
  const { pictures, broken, folder } = await filesToUpload(test.info().outputPath());
  const [first, second] = pictures.map((path) => basename(path)) as [string, string];
  const marked = UNICODE_NAME.normalize('NFC');
  const dataset = new DatasetPage(page);
  const bench = new WorkbenchPage(page);
  const name = `Streets ${test.info().workerIndex}`;

  await test.step('sign in, the wrong password first', async () => {
    complaints.allow(/401 \(Unauthorized\)/u);
    await page.goto('/');
    await expect(page).toHaveURL(/\/login/u);
    const login = new LoginPage(page);
    await login.signIn({ password: 'not this one' });
    await expect(page.getByRole('alert').filter({ hasText: 'Wrong e-mail or password' })).toBeVisible();
    await login.signIn();
    await new DatasetsPage(page).expectOpen();
  });

  await test.step('make a dataset', () => new DatasetsPage(page).create(name, ['Segmentation', 'Classification']));

  await test.step('name its classes', async () => {
    await dataset.openTab('Classes');
    await dataset.chooseTaskType('Detection');
    await dataset.addClass('car');
    await dataset.addClass('person');
    await dataset.chooseTaskType('Segmentation');
    await dataset.pasteClasses(['animal', 'road', 'sky']);
    await dataset.chooseTaskType('Classification');
    await dataset.pasteClasses(['day', 'night']);
  });

  await test.step('upload: dropped files, one of them broken, then a folder', async () => {
    await dataset.openTab('Images');
    const upload = new UploadDialog(page);
    await upload.open();
    await upload.drop([...pictures, broken]);
    await upload.expectFinished({ uploaded: 3, refused: 1 });
    await expect(upload.row('holiday.jpg')).toContainText('Not an image');
    await upload.chooseFolder(folder);
    await upload.expectFinished({ uploaded: 2 });
    await upload.close();
  });

  const paths = [first, second, marked, 'street/one.jpg', 'street/night/two.webp'];
  await test.step('see them as thumbnails', async () => {
    await expect(dataset.cards).toHaveCount(paths.length);
    for (const path of paths) await dataset.expectThumbnail(path);
  });

  const drawn: DrawnShape[] = [];
  await test.step('open the workbench at the first photograph', async () => {
    await dataset.card(first).click();
    await bench.ready(first);
    await bench.saved();
  });

  await test.step('boxes: draw, move, resize, undo, redo', async () => {
    await bench.tool('Box');
    await bench.chooseClass('car');
    const car = await bench.drawBox([40, 30], [180, 150]);
    await bench.chooseClass('person');
    const person = await bench.drawBox([400, 310], [260, 190]);
    await bench.drawBox([20, 200], [120, 300]);
    await bench.expectLabels(3);
    await page.keyboard.press('Control+z');
    await bench.expectLabels(2);
    await page.keyboard.press('Control+Shift+z');
    await bench.expectLabels(3);
    await page.keyboard.press('Control+z');
    await bench.expectLabels(2);

    await bench.tool('Select');
    const [dx, dy] = await bench.dragBy([car[0] + car[2] / 2, car[1] + car[3] / 2], [60, 25]);
    const moved: Bbox = [hundredths(car[0] + dx), hundredths(car[1] + dy), car[2], car[3]];
    await bench.click([person[0] + person[2] / 2, person[1] + person[3] / 2]);
    const [wider, higher] = await bench.dragBy([person[0] + person[2], person[1] + person[3]], [40, 15]);
    const resized: Bbox = [person[0], person[1], hundredths(person[2] + wider), hundredths(person[3] + higher)];
    drawn.push({ image: first, category: 'car', box: moved }, { image: first, category: 'person', box: resized });
    await bench.saved();
  });

  await test.step('a class for the whole image', async () => {
    await bench.tool('Classify image');
    await bench.chooseClass('day');
    await bench.expectLabels(3);
    await bench.saved();
  });

  await test.step('polygons: draw, move a vertex, insert one, take one away', async () => {
    await bench.openFromStrip(second);
    await bench.tool('Polygon');
    await bench.chooseClass('animal');
    const panda = await bench.drawPolygon([
      [200, 100],
      [420, 140],
      [380, 420],
      [180, 380],
    ]);
    await bench.chooseClass('road');
    // One vertex too many, taken back while drawing.
    const road: Point[] = [];
    for (const point of [
      [520, 300],
      [820, 320],
      [700, 520],
    ] as const)
      road.push((await bench.click(point)).image);
    await bench.click([560, 560]);
    await page.keyboard.press('Backspace');
    await page.keyboard.press('Enter');
    await bench.expectLabels(2);

    await bench.tool('Select');
    await bench.click([300, 260]);
    const [a, b] = panda as [Point, Point];
    const [vx, vy] = await bench.dragBy(a, [-30, 20]);
    panda[0] = [hundredths(a[0] + vx), hundredths(a[1] + vy)];
    const middle: Point = [(panda[0][0] + b[0]) / 2, (panda[0][1] + b[1]) / 2];
    const [mx, my] = await bench.dragBy(middle, [10, -40]);
    panda.splice(1, 0, [hundredths(middle[0] + mx), hundredths(middle[1] + my)]);
    // The last vertex goes with Alt and a click.
    await page.keyboard.down('Alt');
    await bench.click(panda.pop() as Point);
    await page.keyboard.up('Alt');
    drawn.push({ image: second, category: 'animal', ring: panda }, { image: second, category: 'road', ring: road });
    await bench.saved();
  });

  await test.step('a box around what is seen fits what is in the file', async () => {
    await bench.openFromStrip(marked);
    await bench.tool('Box');
    await bench.chooseClass('person');
    await expect.poll(async () => findMark(await bench.canvas.screenshot(), MARK.color)).not.toBeNull();
    const seen = await findMark(await bench.canvas.screenshot(), MARK.color);
    const place = await bench.canvas.boundingBox();
    if (!seen || !place) throw new Error('The mark is not on the canvas');
    const [left, top] = [place.x + seen.x, place.y + seen.y];
    const box = await bench.drawBoxOnScreen([left, top], [left + seen.width, top + seen.height]);
    const { zoom } = await bench.view();
    const off = [box[0] - MARK.x, box[1] - MARK.y, box[2] - MARK.width, box[3] - MARK.height];
    for (const distance of off) expect(Math.abs(distance)).toBeLessThanOrEqual(1.5 / zoom);
    drawn.push({ image: marked, category: 'person', box });
    await bench.expectLabels(1);
    await bench.saved();
  });

  await test.step('confirm and go on to the next image', async () => {
    await bench.openFromStrip(first);
    await page.getByRole('radio', { name: 'Detection' }).click();
    const order = await bench.stripNames();
    const following = order[order.indexOf(first) + 1];
    await bench.confirmAndNext();
    if (following) await bench.ready(following);
    await bench.openFromStrip(first);
    await expect(page.getByRole('button', { name: 'Re-open' })).toBeVisible();
    await page.getByRole('link', { name: 'Back to the dataset' }).click();
    await expect(dataset.card(first)).toContainText('In progress');
  });

  await test.step('export COCO, twice: the same bytes', async () => {
    await dataset.openTab('Exports');
    const job = await dataset.export();
    await expect(job).toContainText('An image-level class has no shape');
    const file = await dataset.download(job);
    expect(file.name).toMatch(/^coco_\d{8}.*\.json$/u);
    await expect(job).toContainText(file.sha256);
    checkFile(JSON.parse(file.bytes.toString('utf8')) as CocoFile, paths, drawn);

    const again = await dataset.export();
    await expect(again).toContainText(file.sha256);
    const same = await dataset.download(again);
    expect(same.bytes.equals(file.bytes)).toBe(true);
  });
});

/** Every number of the file against what was drawn, and every rule of the format. */
function checkFile(file: CocoFile, paths: readonly string[], drawn: readonly DrawnShape[]): void {
  expect(checkCoco(file)).toEqual([]);
  expect(file.images.map(({ file_name }) => file_name).sort()).toEqual([...paths].sort());
  const size = Object.fromEntries(file.images.map(({ file_name, width, height }) => [file_name, [width, height]]));
  expect(Object.values(size)).toEqual(
    expect.arrayContaining([
      [500, 338],
      [900, 600],
      [640, 480],
    ]),
  );
  expect(file.categories).toEqual(
    ['detection/car', 'detection/person', 'segmentation/animal', 'segmentation/road', 'segmentation/sky'].map(
      (path, index) => {
        const [supercategory, name] = path.split('/');
        return { id: index + 1, name, supercategory };
      },
    ),
  );
  expect(readableRows(file)).toEqual(expectedRows(drawn));
  for (const rows of [file.images, file.annotations]) {
    const ids = rows.map(({ id }) => id);
    expect(ids.every((id) => Number.isInteger(id) && id >= 1)).toBe(true);
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
  }
}
