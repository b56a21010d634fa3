import { SearchX } from 'lucide-react';
import { useTranslations } from 'next-intl';
import Link from 'next/link';
import { Button } from '@/ui/button';
import { EmptyState } from '@/ui/states';

/** Nothing at this address, or nothing for this person: which of the two is not told. */
export function NotFoundMessage() {
  const t = useTranslations('errors');
  const app = useTranslations('app');
  return (
    <EmptyState
      as="h1"
      icon={<SearchX aria-hidden />}
      title={t('not_found.title')}
      className="py-32"
      action={
        <Button asChild>
          <Link href="/datasets">{app('home')}</Link>
        </Button>
      }
    >
      {t('not_found.detail')}
    </EmptyState>
  );
}
