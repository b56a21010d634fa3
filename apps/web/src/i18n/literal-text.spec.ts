import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const source = join(import.meta.dirname, '..');
const LETTER = /\p{L}/u;
/** Attributes people read or hear. */
const SPOKEN = new Set([
  'aria-label',
  'aria-description',
  'aria-roledescription',
  'alt',
  'title',
  'placeholder',
  'label',
  'hint',
  'description',
  'legend',
  'caption',
]);
/** Not language: the product's name and key caps. */
const NEUTRAL = new Set(['Labelyard', 'Ctrl K', 'Esc', 'Enter']);

/** Words written into a component instead of a message file, as "line: words". */
function literals(file: string, text: string): string[] {
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const found: string[] = [];
  const report = (node: ts.Node, words: string) => {
    if (!LETTER.test(words) || NEUTRAL.has(words.trim())) return;
    found.push(`${tree.getLineAndCharacterOfPosition(node.getStart()).line + 1}: ${words.trim()}`);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isJsxText(node)) report(node, node.text);
    if (
      ts.isJsxExpression(node) &&
      node.expression &&
      ts.isStringLiteralLike(node.expression) &&
      !ts.isJsxAttribute(node.parent)
    )
      report(node, node.expression.text);
    if (ts.isJsxAttribute(node) && SPOKEN.has(node.name.getText())) {
      const value =
        node.initializer && ts.isJsxExpression(node.initializer) ? node.initializer.expression : node.initializer;
      if (value && ts.isStringLiteralLike(value)) report(node, value.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

test('finds words in text, in expressions and in spoken attributes', () => {
  expect(literals('x.tsx', '<p aria-label="Close me" className="a">Hello {name} {"there"}</p>')).toEqual([
    '1: Close me',
    '1: Hello',
    '1: there',
  ]);
  expect(literals('x.tsx', '<p className="text">{t("key")} · {count} / 10</p>')).toEqual([]);
});

test('no component holds words of its own', () => {
  // The last resort speaks without message files: it shows when they cannot be loaded either.
  const exempt = 'app/global-error.tsx';
  const files = globSync('**/*.tsx', { cwd: source }).filter((file) => !file.endsWith('.spec.tsx') && file !== exempt);
  expect(files.length).toBeGreaterThan(10);
  const found = files.flatMap((file) =>
    literals(file, readFileSync(join(source, file), 'utf8')).map((line) => `${file}:${line}`),
  );
  expect(found).toEqual([]);
});
