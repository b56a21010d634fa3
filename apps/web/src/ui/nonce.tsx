'use client';

import { createContext, use, type ReactNode } from 'react';

const NonceContext = createContext<string | undefined>(undefined);

/** Gives primitives that add a style sheet the nonce the page's policy asks for. */
export function NonceProvider({ nonce, children }: { nonce: string | undefined; children: ReactNode }) {
  return <NonceContext value={nonce}>{children}</NonceContext>;
}

export function useNonce(): string | undefined {
  return use(NonceContext);
}
