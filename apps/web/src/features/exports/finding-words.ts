import { useTranslations } from 'next-intl';

/** Codes have words in the person's language; a code of a newer server shows the server's own sentence. */
export function useFindingWords(): (
  kind: 'dropped' | 'converted',
  format: string,
  code: string,
  reason: string,
) => string {
  const t = useTranslations('exports.findings');
  return (kind, format, code, reason) => {
    for (const scope of [format === 'coco' ? 'coco' : 'any', 'any']) {
      const key = `${scope}.${kind}.${code}` as Parameters<typeof t>[0];
      if (t.has(key)) return t(key);
    }
    return reason;
  };
}
