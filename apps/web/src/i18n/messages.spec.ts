import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERROR_CODES, IMAGE_STATUSES, ROLES, TASK_TYPES } from '@labelyard/domain';
import { LOCALES } from './locale';

type Tree = { [key: string]: string | Tree };

function read(locale: string): Tree {
  return JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'messages', `${locale}.json`), 'utf8')) as Tree;
}

function flatten(tree: Tree, prefix = ''): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tree).flatMap(([key, value]) =>
      typeof value === 'string' ? [[prefix + key, value]] : Object.entries(flatten(value, `${prefix}${key}.`)),
    ),
  );
}

/**
 * What a message takes: names of ICU arguments with their kind, and rich-text tags. Plural branches differ by language and
 * are left out; `#` and the arguments inside the branches stay.
 */
function signature(message: string): string[] {
  const found = new Set<string>();
  const scan = (text: string): void => {
    for (const [, tag] of text.matchAll(/<(\w+)>/gu)) found.add(`<${tag}>`);
    let depth = 0;
    let start = 0;
    for (let at = 0; at < text.length; at++) {
      if (text[at] === '{' && depth++ === 0) start = at + 1;
      if (text[at] !== '}' || --depth !== 0) continue;
      const inside = text.slice(start, at);
      const [name = '', kind = ''] = inside.split(',', 2).map((part) => part.trim());
      found.add(`{${name}${kind && `, ${kind}`}}`);
      // Branches of plural and select hold messages of their own.
      if (kind) for (const [, branch] of branches(inside)) scan(branch);
    }
    if (depth !== 0) throw new Error(`Braces do not match: ${text}`);
  };
  scan(message);
  return [...found].sort();
}

function branches(inside: string): [string, string][] {
  const list: [string, string][] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < inside.length; at++) {
    if (inside[at] === '{' && depth++ === 0) start = at + 1;
    if (inside[at] === '}' && --depth === 0) list.push(['', inside.slice(start, at)]);
  }
  return list;
}

const english = flatten(read('en'));

test('the signature sees arguments, their kind and those inside branches', () => {
  expect(signature('{n, plural, one {# of {total}} other {# of {total}}} in <b>{name}</b>')).toEqual([
    '<b>',
    '{n, plural}',
    '{name}',
    '{total}',
  ]);
});

describe.each(LOCALES.filter((locale) => locale !== 'en'))('%s.json', (locale) => {
  const translated = flatten(read(locale));

  test('has exactly the keys of en.json', () => {
    expect(Object.keys(translated).sort()).toEqual(Object.keys(english).sort());
  });

  test('takes the same arguments', () => {
    for (const [key, message] of Object.entries(english)) {
      expect({ key, takes: signature(translated[key] ?? '') }).toEqual({ key, takes: signature(message) });
    }
  });
});

test('every error code, status, role and task type has words', () => {
  for (const code of ERROR_CODES) {
    expect(english).toHaveProperty([`errors.${code}.title`]);
    expect(english).toHaveProperty([`errors.${code}.detail`]);
  }
  for (const status of IMAGE_STATUSES) expect(english).toHaveProperty([`image_status.${status}`]);
  for (const role of ROLES) expect(english).toHaveProperty([`roles.${role}`]);
  for (const type of TASK_TYPES) expect(english).toHaveProperty([`task_types.${type}`]);
});
