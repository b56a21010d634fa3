import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FORMAT_NAMES } from '@labelyard/formats';
import { LOCALES } from '@/i18n/locale';
import { wordKeys, type FindingKind } from './finding-words';

const formats = join(import.meta.dirname, '../../../../../packages/formats/src');

interface Said {
  readonly format: string;
  readonly kind: FindingKind;
  readonly code: string;
}

/** Every code that a writer can report. The tables are the formats' own affair: they are read where they are written. */
function codes(): Said[] {
  return globSync('*/*.ts', { cwd: formats }).flatMap((file) => {
    const text = readFileSync(join(formats, file), 'utf8');
    const format = file.split('/')[0]!.replaceAll('-', '_');
    const table = /const REASONS = \{\n(.*?)\n\} as const/su.exec(text)?.[1] ?? '';
    const reasons = [...table.matchAll(/^ {2}(\w+): \{\n(.*?)^ {2}\}/gmsu)].flatMap(([, kind, inside = '']) =>
      [...inside.matchAll(/^ {4}(\w+):/gmu)].map(([, code]) => ({ format, kind: kind as FindingKind, code: code! })),
    );
    const notes = [...text.matchAll(/tally\.note\([^;]*?[`'],\s*'(\w+)'/gu)];
    return [...reasons, ...notes.map(([, code]) => ({ format, kind: 'noted' as const, code: code! }))];
  });
}

test('codes of every format are found', () => {
  expect(new Set(codes().map(({ format }) => format))).toEqual(new Set(FORMAT_NAMES));
  for (const one of [
    { format: 'coco', kind: 'converted', code: 'qa_as_caption' },
    { format: 'cvat', kind: 'noted', code: 'image_split' },
    { format: 'cvat', kind: 'noted', code: 'skeleton_renamed' },
  ])
    expect(codes()).toContainEqual(one);
});

test.each(LOCALES)('each has words in %s', (locale) => {
  const messages = JSON.parse(readFileSync(join(import.meta.dirname, `../../../messages/${locale}.json`), 'utf8')) as {
    exports: { findings: Record<string, Record<string, Record<string, string>>> };
  };
  const { findings } = messages.exports;
  const has = (key: string) => {
    const [scope = '', kind = '', code = ''] = key.split('.');
    return findings[scope]?.[kind]?.[code] !== undefined;
  };
  expect(codes().filter(({ format, kind, code }) => !wordKeys(kind, format, code).some(has))).toEqual([]);
});
