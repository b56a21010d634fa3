import { canSystem } from '@labelyard/domain';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { MaintenanceSwitch } from '@/features/maintenance/maintenance-switch';
import { leavePage, serverApi } from '@/server-api';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('maintenance.admin'))('title') };
}

export default async function AdminMaintenancePage() {
  const t = await getTranslations('maintenance.admin');
  const api = await serverApi();
  const me = await api('auth.me', {}).catch(leavePage);
  if (!canSystem(me.role, 'maintenance.manage')) notFound();
  return (
    <>
      <h1 className="pb-5 pt-8 text-2xl font-semibold">{t('title')}</h1>
      <MaintenanceSwitch />
    </>
  );
}
