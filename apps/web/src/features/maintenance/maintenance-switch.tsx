'use client';

import type { MaintenanceNotice } from '@labelyard/contract';
import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { api } from '@/api';
import { useErrorText } from '@/error-text';
import { Button } from '@/ui/button';
import { Section } from '@/ui/card';
import { Field, Input, TextArea } from '@/ui/field';
import { maintenanceNews } from './maintenance-news';
import { useMaintenance } from './use-maintenance';
import { useMoment } from './use-moment';

/** Makes the installation read-only for a while, and writable again. */
export function MaintenanceSwitch() {
  const t = useTranslations('maintenance.admin');
  const notice = useMaintenance();
  return (
    <div className="flex max-w-2xl flex-col gap-6">
      {notice ? <Running notice={notice} /> : null}
      <BeginForm key={notice?.started_at ?? 'off'} notice={notice} title={notice ? t('change') : t('begin')} />
    </div>
  );
}

function Running({ notice }: { notice: MaintenanceNotice }) {
  const t = useTranslations('maintenance.admin');
  const moment = useMoment();
  const errorText = useErrorText();
  const end = useMutation({
    mutationFn: () => api('maintenance.end', {}),
    onSuccess: () => maintenanceNews.hear(null),
  });
  return (
    <Section
      title={t('running')}
      description={t('since', { time: moment(notice.started_at) })}
      action={
        <Button variant="primary" busy={end.isPending} onClick={() => end.mutate()}>
          {t('end')}
        </Button>
      }
    >
      <p className="break-words">{notice.reason}</p>
      {end.error ? (
        <p role="alert" className="mt-2 text-sm text-danger">
          {'code' in end.error && end.error.code === 'maintenance' ? t('held_by_tool') : errorText(end.error).title}
        </p>
      ) : null}
    </Section>
  );
}

function BeginForm({ notice, title }: { notice: MaintenanceNotice | null; title: string }) {
  const t = useTranslations('maintenance.admin');
  const errorText = useErrorText();
  const [reason, setReason] = useState(notice?.reason ?? '');
  const [until, setUntil] = useState(notice?.expected_end ? localInput(new Date(notice.expected_end)) : '');
  const [asked, setAsked] = useState(false);
  const begin = useMutation({
    mutationFn: () =>
      api('maintenance.begin', {
        body: { reason: reason.trim(), expected_end: until === '' ? null : new Date(until).toISOString() },
      }),
    onSuccess: ({ maintenance }) => maintenanceNews.hear(maintenance),
  });
  const missing = asked && reason.trim() === '';
  const past = begin.error && 'code' in begin.error && begin.error.code === 'validation_failed';
  return (
    <Section title={title} description={t('explain')}>
      <form
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          setAsked(true);
          if (reason.trim() !== '') begin.mutate();
        }}
      >
        <Field label={t('reason')} hint={t('reason_hint')} error={missing ? t('reason_missing') : undefined}>
          <TextArea value={reason} rows={2} maxLength={500} onChange={(event) => setReason(event.target.value)} />
        </Field>
        <Field
          label={t('until')}
          optional={t('optional')}
          hint={t('until_hint')}
          error={past ? t('until_past') : undefined}
          className="max-w-64"
        >
          <Input
            type="datetime-local"
            value={until}
            onChange={(event) => {
              begin.reset();
              setUntil(event.target.value);
            }}
          />
        </Field>
        {begin.error && !past ? (
          <p role="alert" className="text-sm text-danger">
            {errorText(begin.error).title}
          </p>
        ) : null}
        <div>
          <Button type="submit" variant={notice ? 'secondary' : 'danger'} busy={begin.isPending}>
            {title}
          </Button>
        </div>
      </form>
    </Section>
  );
}

/** What a `datetime-local` field holds: the moment on this person's clock. */
function localInput(date: Date): string {
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
