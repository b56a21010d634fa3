import { join } from 'node:path';
import type { NextConfig } from 'next';
import createNextIntlPlugin from 'next-intl/plugin';

const root = join(import.meta.dirname, '..', '..');

const config: NextConfig = {
  reactCompiler: true,
  reactStrictMode: true,
  poweredByHeader: false,
  // `next start` refuses a standalone build, so it is only made when asked for (containers).
  output: process.env.NEXT_OUTPUT === 'standalone' ? 'standalone' : undefined,
  outputFileTracingRoot: root,
  turbopack: { root },
  agentRules: false,
  // `pnpm typecheck` does it for the whole package, tests included; a start on a bare machine need not do it again.
  typescript: { ignoreBuildErrors: true },
  experimental: {
    // JSON only (batches of operations): files go straight to the storage. Larger bodies would be cut in silence.
    proxyClientMaxBodySize: '32mb',
  },
};

export default createNextIntlPlugin('./src/i18n/request.ts')(config);
