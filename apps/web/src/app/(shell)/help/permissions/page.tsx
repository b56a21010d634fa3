import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { PermissionTable } from '@/features/help/permission-table';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('people.help'))('title') };
}

export default function PermissionsPage() {
  return <PermissionTable />;
}
