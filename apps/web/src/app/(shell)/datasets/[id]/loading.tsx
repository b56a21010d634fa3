import { ListSkeleton } from '@/ui/skeleton';

export default function Loading() {
  return <ListSkeleton />;
}
