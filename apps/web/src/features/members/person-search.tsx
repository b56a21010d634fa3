'use client';

import type { UserSummary } from '@labelyard/contract';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Command } from 'cmdk';
import { Mail } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useDeferredValue, useState } from 'react';
import { api } from '@/api';
import { useErrorText } from '@/error-text';
import { PersonName } from '@/features/people/person-name';
import { queryKeys } from '@/query-keys';
import { looksLikeEmail } from './email-text';

/** Somebody of the directory, or an e-mail address nobody there has. */
export type Picked =
  { readonly person: UserSummary; readonly email: string } | { readonly person: null; readonly email: string };

/** Finds people by a part of their name or address; an address of nobody's can be invited. */
export function PersonSearch({ onPick }: { onPick: (picked: Picked) => void }) {
  const t = useTranslations('people.members.adding');
  const errorText = useErrorText();
  const [text, setText] = useState('');
  const q = useDeferredValue(text.trim());
  const found = useQuery({
    queryKey: queryKeys.userSearch(q),
    queryFn: ({ signal }) => api('users.search', { query: { q, limit: 20 } }, { signal }),
    placeholderData: keepPreviousData,
  });
  const people = found.data?.items ?? [];
  const known = people.some((person) => person.email.toLowerCase() === q.toLowerCase());
  const email = looksLikeEmail(q) && !known ? q : null;
  return (
    <Command label={t('search')} shouldFilter={false} loop className="overflow-hidden rounded-md border border-control">
      <Command.Input
        value={text}
        onValueChange={setText}
        autoFocus
        placeholder={t('search')}
        className="h-9 w-full border-b bg-surface px-3 text-md outline-none"
      />
      <Command.List className="h-64 overflow-y-auto bg-surface p-1">
        {found.isError ? <p className="px-2 py-4 text-sm text-danger">{errorText(found.error).title}</p> : null}
        {found.isSuccess && people.length === 0 && !email ? (
          <p className="px-3 py-6 text-center text-sm text-muted">{t('nobody')}</p>
        ) : null}
        {email ? (
          <Command.Item value={`invite ${email}`} onSelect={() => onPick({ person: null, email })} className={ITEM}>
            <span aria-hidden className="flex size-7 items-center justify-center rounded-full bg-accent-soft">
              <Mail className="size-4 text-accent-text" />
            </span>
            <span className="min-w-0 flex-1 break-words">{t('invite_email', { email })}</span>
          </Command.Item>
        ) : null}
        {people.map((person) => (
          <Command.Item
            key={person.id}
            value={person.id}
            onSelect={() => onPick({ person, email: person.email })}
            className={ITEM}
          >
            <PersonName person={person} />
          </Command.Item>
        ))}
      </Command.List>
    </Command>
  );
}

const ITEM =
  'flex min-h-10 cursor-pointer items-center gap-3 rounded-sm px-2 py-1.5 text-md aria-selected:bg-hover [&+&]:mt-0.5';
