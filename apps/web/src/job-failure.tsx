import type { JobError } from '@labelyard/contract';
import { useLocale, useTranslations } from 'next-intl';

/** Why a job failed: in the person's language as far as that is known, and then as the server said it. */
export function JobFailure({ error }: { error: JobError }) {
  const locale = useLocale();
  const kinds = useTranslations('job_failures');
  const ofFiles = useTranslations('imports.issues');
  const { code, message } = error;
  if (locale === 'en') return message;
  const ofJob = code as Parameters<typeof kinds>[0];
  const ofFile = code as Parameters<typeof ofFiles>[0];
  const kind = kinds.has(ofJob) ? kinds(ofJob) : ofFiles.has(ofFile) ? ofFiles(ofFile) : kinds('internal');
  return (
    <>
      {kind} <span lang="en">({message})</span>
    </>
  );
}
