import { useTranslations } from 'next-intl';

export type FindingKind = 'dropped' | 'converted' | 'noted';

/** Where the words of a code can be, what says it best first. */
export function wordKeys(kind: FindingKind, format: string, code: string): string[] {
  return [format === 'coco' ? 'coco' : 'any', 'any'].map((scope) => `${scope}.${kind}.${code}`);
}

/** Codes have words in the person's language; a code of a newer server shows the server's own sentence. */
export function useFindingWords(): (
  kind: FindingKind,
  format: string,
  code: string | undefined,
  reason: string,
  values?: Readonly<Record<string, string>>,
) => string {
  const t = useTranslations('exports.findings');
  type Key = Parameters<typeof t>[0];
  return (kind, format, code, reason, values = {}) => {
    const known = code === undefined ? undefined : wordKeys(kind, format, code).find((key) => t.has(key as Key));
    return known ? t(known as Key, values) : reason;
  };
}
