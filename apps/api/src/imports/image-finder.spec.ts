import { ImageFinder } from './image-finder.js';

const image = (id: number, path: string) => ({ id, path, width: 10, height: 10 });

function finder(...paths: string[]): ImageFinder {
  const made = new ImageFinder();
  paths.forEach((path, n) => made.add(image(n + 1, path)));
  return made;
}

test('the whole path comes first', () => {
  const found = finder('a.jpg', 'b/a.jpg').find('b/a.jpg');
  expect(found).toMatchObject({ by: 'path', image: { id: 2 } });
});

test('an image is found by the end of its path, with more or fewer folders, in any case of its name', () => {
  const made = finder('street/cam1/0001.jpg', 'park/0002.JPG');
  expect(made.find('0001.jpg')).toMatchObject({ by: 'name', image: { id: 1 } });
  expect(made.find('data/train/park/0002.jpg')).toMatchObject({ by: 'name', image: { id: 2 } });
});

test('the longest common end decides; where it does not, nothing is guessed', () => {
  const made = finder('a/x.jpg', 'b/x.jpg');
  expect(made.find('somewhere/b/x.jpg')).toMatchObject({ image: { id: 2 } });
  expect(made.find('x.jpg')).toBeNull();
  expect([...made.ambiguous]).toEqual(['x.jpg']);
});

test('a name is not doubtful any more when it was found with its folders', () => {
  const made = finder('a/x.jpg', 'b/x.jpg');
  expect(['x.jpg', 'x.JPG', 'b/x.jpg'].map((name) => made.find(name)?.image.id)).toEqual([undefined, undefined, 2]);
  expect([...made.ambiguous]).toEqual([]);
});

test('a picture is like an image by its name when one has more folders, not when it has others', () => {
  const made = finder('cam1/0001.BMP');
  expect(made.byName('cam2/0001.bmp')).toBeNull();
  expect(made.byName('am1/0001.bmp')).toBeNull();
  expect(made.byName('images/cam1/0001.bmp')).toMatchObject({ id: 1 });
  expect(made.byName('0001.bmp')).toMatchObject({ id: 1 });
});

test('an image of the same name in another folder is another image', () => {
  const made = finder('cam1/0001.jpg');
  expect(made.find('cam0/0001.jpg')).toBeNull();
  expect(made.find('0001.jpg/')).toBeNull();
  made.addPicture('pictures/cam2/0001.jpg', image(9, 'cam2/0001.jpg'));
  expect(made.find('cam0/0001.jpg')).toBeNull();
  expect(made.find('cam2/0001.jpg')).toMatchObject({ by: 'picture', image: { id: 9 } });
});

test('folders that formats put pictures into are no part of the path', () => {
  const made = finder('photos/a.jpg');
  expect(made.find('images/train/a.jpg')).toMatchObject({ by: 'name', image: { id: 1 } });
  expect(made.find('JPEGImages/a.jpg')).toMatchObject({ by: 'name', image: { id: 1 } });
});

test('upper and lower case of the name do not hide the folders', () => {
  const made = finder('a/x.jpg', 'b/x.jpg');
  expect(made.find('somewhere/b/X.JPG')).toMatchObject({ image: { id: 2 } });
});

test('letters composed of two characters are the same letters', () => {
  expect(finder('거리.jpg').find('거리.jpg'.normalize('NFD'))).toMatchObject({ by: 'path' });
});

test('a picture that came along is meant before a like-named image of the dataset', () => {
  const made = finder('old/x.jpg');
  made.addPicture('images/train/x.jpg', image(9, 'x.jpg'));
  expect(made.find('x.jpg')).toMatchObject({ by: 'picture', image: { id: 9 } });
});
