'use client';

import { useRouter } from 'next/navigation';
import { startTransition } from 'react';
import { useErrorText } from '@/error-text';
import { ErrorState } from '@/ui/states';

/** A page whose first data could not be loaded. Of the cause only the error's code crosses over from the server, as digest. */
export function PageError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const router = useRouter();
  const text = useErrorText()(error);
  return (
    <ErrorState
      {...text}
      className="py-32"
      onRetry={() =>
        startTransition(() => {
          router.refresh();
          reset();
        })
      }
    />
  );
}
