import { xmlElements } from './xml-elements.js';

const MIB = 1024 * 1024;

function endless(begin: string, piece: string, mib: number) {
  const bytes = Buffer.from(piece.repeat(Math.ceil(MIB / piece.length)));
  return {
    path: 'a.xml',
    async *chunks() {
      yield Buffer.from(begin);
      for (let sent = 0; sent < mib; sent += 1) yield bytes;
    },
  };
}

async function read(file: ReturnType<typeof endless>) {
  for await (const _ of xmlElements(file, 'annotations', 1)) continue;
}

test.each([
  ['one attribute', '<annotations><image name="', '1,1;'],
  ['attributes of many elements', '<annotations><image>', `<polygon points="${'1,1;'.repeat(2_500)}"/>\n`],
  ['many elements', '<annotations><image>', '<a/>'],
  ['one text', '<annotations><image>', 'text '],
  ['one comment', '<annotations><image><!--', 'text '],
])('an element that never ends is given up: %s', async (_what, begin, piece) => {
  await expect(read(endless(begin, piece, 100))).rejects.toMatchObject({ code: 'too_large' });
});

test('as many elements as there are, when each is small', async () => {
  let images = 0;
  const file = endless('<annotations>', '<image name="a.jpg"><box label="car"/></image>\n', 5);
  const ended = {
    ...file,
    async *chunks() {
      yield* file.chunks();
      yield Buffer.from('</annotations>');
    },
  };
  for await (const { name } of xmlElements(ended, 'annotations', 1)) images += Number(name === 'image');
  expect(images).toBeGreaterThan(100_000);
});
