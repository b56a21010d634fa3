'use client';

import { ApiError } from '@labelyard/contract';
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { ThemeProvider } from 'next-themes';
import { useRouter } from 'next/navigation';
import { useState, type ReactNode } from 'react';
import { MaintenanceBanner } from '@/features/maintenance/maintenance-banner';
import { RefreshAfterLabeling } from '@/features/navigation/refresh-after-labeling';
import { isWorkbench } from '@/features/navigation/workbench-address';
import { TimeZoneReporter } from '@/features/session/time-zone';
import { UploadCenter } from '@/features/uploads/upload-center';
import { NonceProvider } from '@/ui/nonce';
import { Toaster } from '@/ui/toaster';
import { TooltipProvider } from '@/ui/tooltip';

/** @param onSignedOut called when the API no longer knows the session */
function makeQueryClient(onSignedOut: () => void): QueryClient {
  const onError = (error: unknown) => {
    if (error instanceof ApiError && error.code === 'unauthorized') onSignedOut();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        // A refusal does not change by asking again; a lost connection or a restarting server does.
        retry: (failures, error) =>
          failures < 2 && (!(error instanceof ApiError) || error.status === 0 || error.status >= 500),
      },
    },
  });
}

export function Providers({
  nonce,
  maxUploadBytes,
  children,
}: {
  nonce: string | undefined;
  maxUploadBytes: number;
  children: ReactNode;
}) {
  const router = useRouter();
  const [client] = useState(() =>
    makeQueryClient(() => {
      const { pathname, search } = window.location;
      // The workbench keeps what was drawn and asks for a new session itself.
      if (pathname === '/login' || isWorkbench(pathname)) return;
      router.push(`/login?expired=1&next=${encodeURIComponent(pathname + search)}`);
    }),
  );
  // The policy of the loaded document counts; a refreshed route brings the nonce of another answer.
  const [ownNonce] = useState(nonce);
  return (
    <NonceProvider nonce={ownNonce}>
      <ThemeProvider
        attribute="data-theme"
        defaultTheme="system"
        enableSystem
        disableTransitionOnChange
        nonce={ownNonce}
      >
        <QueryClientProvider client={client}>
          <TooltipProvider>
            <UploadCenter maxBytes={maxUploadBytes}>{children}</UploadCenter>
            <RefreshAfterLabeling />
            <TimeZoneReporter />
            <MaintenanceBanner />
          </TooltipProvider>
          <Toaster />
        </QueryClientProvider>
      </ThemeProvider>
    </NonceProvider>
  );
}
