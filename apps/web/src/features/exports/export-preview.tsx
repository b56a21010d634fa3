import type { ExportPreview } from '@labelyard/contract';
import { useQuery } from '@tanstack/react-query';
import { useFormatter, useTranslations } from 'next-intl';
import { useErrorText } from '@/error-text';
import { useFileSize } from '@/features/datasets/file-size';
import { Badge, type BadgeTone } from '@/ui/badge';
import { exportPreviewQuery } from './export-queries';
import type { requestOf } from './export-request';
import { useFindingWords } from './finding-words';

type Kind = ExportPreview['by_kind'][number];

const TONES: Readonly<Record<Kind['fate'], BadgeTone>> = { exact: 'success', converted: 'info', dropped: 'warning' };

/** What the file will hold and what will be lost, before anything is made. */
export function ExportPreviewView({ request }: { request: ReturnType<typeof requestOf> }) {
  const t = useTranslations('exports.preview');
  const format = useFormatter();
  const fileSize = useFileSize();
  const errorText = useErrorText();
  const query = useQuery(exportPreviewQuery(request));
  if (query.error) {
    const { title, detail } = errorText(query.error);
    return (
      <p role="alert" className="rounded-md bg-danger-soft px-3 py-2 text-sm text-danger">
        {title}. {detail}
      </p>
    );
  }
  const { data } = query;
  if (!data) return <p className="min-h-24 text-sm text-muted">{t('loading')}</p>;
  const about = data.split_share < 1;
  const placed = Object.values(data.chosen_splits).reduce((sum, count) => sum + count, 0);
  const number = (value: number) => format.number(about ? Math.round(value * data.split_share) : value);
  const count = (value: number) => (about ? t('about', { count: number(value) }) : number(value));
  return (
    <section aria-label={t('title')} aria-busy={query.isFetching} className="rounded-md bg-sunken p-3 text-sm">
      <h3 className="font-medium">{t('title')}</h3>
      <p className="tabular mt-1">
        {t('counts', {
          images: count(data.images),
          annotations: data.complete ? count(data.annotations) : t('at_least', { count: number(data.annotations) }),
        })}
        {data.size_bytes > 0 ? ` · ${t('pictures', { size: fileSize(data.size_bytes * data.split_share) })}` : ''}
      </p>
      <p className="mt-1 break-all font-mono text-xs text-muted">{data.file_name}</p>
      {placed > 0 ? <p className="mt-2 text-muted">{t('chosen_splits', { count: placed })}</p> : null}
      {data.annotations === 0 ? <p className="mt-2 text-muted">{t('empty')}</p> : null}
      <ul className="mt-3 flex flex-col gap-2.5">
        {data.by_kind.map((kind) => (
          <KindRow key={kind.annotation_type} kind={kind} format={request.format} count={count(kind.annotations)} />
        ))}
      </ul>
    </section>
  );
}

function KindRow({ kind, format, count }: { kind: Kind; format: string; count: string }) {
  const t = useTranslations('exports.preview');
  const kinds = useTranslations('workbench.kinds');
  const words = useFindingWords();
  return (
    <li>
      <p className="flex items-center gap-2">
        <span className="tabular font-semibold">{count}</span>
        <span className="min-w-0 flex-1">{kinds(kind.annotation_type)}</span>
        <Badge tone={TONES[kind.fate]}>{t(`fates.${kind.fate}`)}</Badge>
      </p>
      {kind.findings.map(({ fate, code, reason, when }) => (
        <p key={`${fate} ${code} ${when}`} className="mt-0.5 text-xs text-muted">
          {when ? `${t(`when.${when}`)}: ` : ''}
          {words(fate, format, code, reason)}
        </p>
      ))}
    </li>
  );
}
