import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { AuditLog } from '@/features/history/audit-log';
import { auditQuery } from '@/features/history/history-queries';
import { Prefetched } from '@/prefetched';
import { serverApi } from '@/server-api';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('audit'))('title') };
}

export default async function AdminAuditPage() {
  const t = await getTranslations('audit');
  const api = await serverApi();
  return (
    <Prefetched load={(queries) => queries.fetchInfiniteQuery(auditQuery(null, {}, api))}>
      <h1 className="pb-1 pt-8 text-2xl font-semibold">{t('title')}</h1>
      <p className="pb-4 text-muted">{t('explain_all')}</p>
      <AuditLog projectId={null} />
    </Prefetched>
  );
}
