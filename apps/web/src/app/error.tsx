'use client';

import type { ComponentProps } from 'react';
import { PageError } from '@/features/navigation/page-error';

export default function RootError(props: ComponentProps<typeof PageError>) {
  return (
    <main>
      <PageError {...props} />
    </main>
  );
}
