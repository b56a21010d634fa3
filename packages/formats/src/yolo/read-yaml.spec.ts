import { readYoloYaml } from './read-yaml.js';

const head = (text: string) =>
  readYoloYaml({
    path: 'data.yaml',
    async *chunks() {
      yield Buffer.from(text);
    },
  });

test('a key that stands there twice is refused by its line', async () => {
  await expect(head('names:\n  0: a\n  1: b\n  0: c\n')).rejects.toMatchObject({ code: 'bad_yaml', line: 4 });
  await expect(head('names: [a]\ntrain: x\ntrain: y\n')).rejects.toMatchObject({ code: 'bad_yaml', line: 3 });
});

// Each key used to be compared with all before it: 21 s for so many.
test('tens of thousands of names are read in a moment', async () => {
  const lines = Array.from({ length: 50_000 }, (_, n) => `  ${n}: class ${n}`);
  const { names } = await head(`names:\n${lines.join('\n')}\n`);
  expect(names).toHaveLength(50_000);
  expect(names.at(-1)).toBe('class 49999');
});
