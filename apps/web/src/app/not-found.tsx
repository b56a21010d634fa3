import { NotFoundMessage } from '@/features/navigation/not-found-message';

export default function NotFound() {
  return (
    <main>
      <NotFoundMessage />
    </main>
  );
}
