import { DatasetTab } from '@/features/datasets/dataset-tab';
import { loadDataset, tabTitle } from '@/load-dataset';

export const generateMetadata = () => tabTitle('settings');

export default async function SettingsPage({ params }: { params: Promise<{ id: string }> }) {
  const dataset = await loadDataset((await params).id);
  return <DatasetTab datasetId={dataset.id} tab="settings" />;
}
