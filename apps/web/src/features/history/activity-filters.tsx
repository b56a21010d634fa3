'use client';

import type { Dataset } from '@labelyard/contract';
import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { classQuery } from '@/features/classes/class-queries';
import { MemberCombobox, type MemberChoice } from '@/features/members/member-combobox';
import { Button } from '@/ui/button';
import { Combobox } from '@/ui/combobox';
import { Select } from '@/ui/select';
import type { ActivityAction, ActivityFilter } from './history-queries';
import { PERIODS, periodStart, type Period } from './period';

const ANY = 'any';
const ACTIONS: readonly ActivityAction[] = [
  'create',
  'update',
  'delete',
  'confirm',
  'unconfirm',
  'verify',
  'reject',
  'administration',
];

/** Who, what, which class and since when. */
export function ActivityFilters({
  dataset,
  filter,
  onChange,
}: {
  dataset: Dataset;
  filter: ActivityFilter;
  onChange: (change: Partial<ActivityFilter>) => void;
}) {
  const t = useTranslations('activity');
  const [period, setPeriod] = useState<Period>('any');
  const [person, setPerson] = useState<MemberChoice | null>(null);
  const classes = useQuery(classQuery(dataset.project_id));
  return (
    <div className="flex flex-wrap items-center gap-2 pb-2">
      <MemberCombobox
        projectId={dataset.project_id}
        label={t('filter.person')}
        nobody={t('filter.everybody')}
        value={person}
        onChange={(choice) => {
          setPerson(choice);
          onChange({ user_id: choice?.user_id });
        }}
      />
      <Select<ActivityAction | typeof ANY>
        label={t('filter.action')}
        value={filter.action ?? ANY}
        onChange={(value) => onChange({ action: value === ANY ? undefined : value })}
        options={[
          { value: ANY, label: t('filter.all_actions') },
          ...ACTIONS.map((action) => ({ value: action, label: t(`actions.${action}`) })),
        ]}
      />
      {classes.data && classes.data.items.length > 0 ? (
        <Combobox
          label={t('filter.class')}
          value={filter.class_id === undefined ? ANY : String(filter.class_id)}
          onChange={(value) => onChange({ class_id: value === ANY ? undefined : Number(value) })}
          options={[
            { value: ANY, label: t('filter.all_classes') },
            ...classes.data.items.map(({ id, name }) => ({ value: String(id), label: name })),
          ]}
        />
      ) : null}
      <Select<Period>
        label={t('filter.period')}
        value={period}
        onChange={(value) => {
          setPeriod(value);
          onChange({ since: periodStart(value, Date.now()) });
        }}
        options={(Object.keys(PERIODS) as Period[]).map((value) => ({ value, label: t(`periods.${value}`) }))}
      />
      {filter.image_id === undefined ? null : (
        <Button size="sm" icon={<X aria-hidden />} onClick={() => onChange({ image_id: undefined })}>
          {t('filter.all_images')}
        </Button>
      )}
    </div>
  );
}
