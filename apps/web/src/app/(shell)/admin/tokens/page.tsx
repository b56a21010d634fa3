import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { TokenSection } from '@/features/service-tokens/token-section';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('service_tokens'))('title') };
}

export default async function AdminTokensPage() {
  const t = await getTranslations('service_tokens');
  return (
    <>
      <h1 className="pb-5 pt-8 text-2xl font-semibold">{t('title_all')}</h1>
      <div className="max-w-4xl">
        <TokenSection projectId={null} />
      </div>
    </>
  );
}
