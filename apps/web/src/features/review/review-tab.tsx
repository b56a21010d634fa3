'use client';

import type { Dataset } from '@labelyard/contract';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { CommentList } from '@/features/comments/comment-list';
import { TabPanel, Tabs } from '@/ui/tabs';
import { ReviewQueue } from './review-queue';

/** The reviewer's page: what waits for a verdict, and what is talked about. */
export function ReviewTab({ dataset }: { dataset: Dataset }) {
  const t = useTranslations('review');
  const comments = useTranslations('comments');
  const [page, setPage] = useState<'queue' | 'comments'>('queue');
  return (
    <Tabs
      label={t('pages')}
      value={page}
      onChange={setPage}
      className="pt-5"
      tabs={[
        { value: 'queue', label: t('queue') },
        { value: 'comments', label: comments('title') },
      ]}
    >
      <TabPanel value="queue" className="-mt-2">
        <ReviewQueue dataset={dataset} />
      </TabPanel>
      <TabPanel value="comments">
        <CommentList dataset={dataset} />
      </TabPanel>
    </Tabs>
  );
}
