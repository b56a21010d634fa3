'use client';

import type { Member } from '@labelyard/contract';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useDeferredValue, useId, useRef, useState } from 'react';
import { memberSearchQuery } from '@/features/members/member-queries';
import { memberName, useMembers } from '@/features/members/use-members';
import { Button } from '@/ui/button';
import { TextArea } from '@/ui/field';
import { commentDrafts, type DraftPlace } from './comment-drafts';
import { finishMention, mentionBegun, mentionedIn, type Mentionable } from './mentions';

/** Names offered at once. */
const OFFERED = 6;

/** Where a comment is written; @ offers people. Ctrl/⌘ Enter sends. What is begun is there again until it is sent or given up. */
export function CommentComposer({
  projectId,
  draft,
  label,
  submit,
  initial = '',
  mentions = [],
  autoFocus = false,
  busy,
  onSubmit,
  onSent,
  onCancel,
}: {
  projectId: number;
  draft: DraftPlace;
  label: string;
  submit: string;
  initial?: string;
  /** Whom `initial` mentions: of many members not all are known here. */
  mentions?: readonly Mentionable[];
  autoFocus?: boolean;
  busy: boolean;
  /** Whoever fails says so; the text stays. */
  onSubmit: (body: string, mentions: string[]) => Promise<unknown>;
  onSent?: () => void;
  /** Closed, and given up unless it was by Escape, which is hit too easily. */
  onCancel?: () => void;
}) {
  const t = useTranslations('comments');
  const ui = useTranslations('ui');
  const members = useMembers(projectId).map(ofMember);
  const [begunBefore] = useState(() => commentDrafts.read(draft));
  const [mentioned, setMentioned] = useState(begunBefore?.mentioned ?? mentions);
  const [text, setText] = useState(begunBefore?.text ?? initial);
  const [caret, setCaret] = useState(0);
  const [active, setActive] = useState(0);
  const area = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  const begun = mentionBegun(text, caret);
  const q = useDeferredValue(begun ?? '');
  const found = useQuery({ ...memberSearchQuery(projectId, { q }), enabled: begun !== null });
  const offered = begun === null ? [] : (found.data?.items ?? []).map(ofMember).slice(0, OFFERED);

  const send = () => {
    const body = text.trim();
    if (!body || busy) return;
    const sent = () => {
      // Whoever went on writing meanwhile keeps that.
      if (commentDrafts.read(draft)?.text === text) commentDrafts.drop(draft);
      setText((now) => (now === text ? '' : now));
      // Still there: nobody went to another image.
      if (area.current) onSent?.();
    };
    onSubmit(body, mentionedIn(body, [...mentioned, ...members])).then(sent, () => undefined);
  };
  const write = (next: string, people = mentioned) => {
    setText(next);
    commentDrafts.keep(draft, { text: next, mentioned: people });
  };
  const take = (person: Mentionable) => {
    const next = finishMention(text, caret, person.name);
    const people = [...mentioned, person];
    setMentioned(people);
    write(next.text, people);
    setCaret(next.caret);
    setActive(0);
    requestAnimationFrame(() => {
      area.current?.focus();
      area.current?.setSelectionRange(next.caret, next.caret);
    });
  };

  return (
    <form
      className="relative flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <TextArea
        ref={area}
        value={text}
        rows={2}
        maxLength={5_000}
        aria-label={label}
        placeholder={label}
        autoFocus={autoFocus}
        role="combobox"
        aria-expanded={offered.length > 0}
        aria-controls={offered.length > 0 ? id : undefined}
        aria-activedescendant={offered.length > 0 ? `${id}-${active}` : undefined}
        aria-autocomplete="list"
        className="min-h-14 text-sm"
        onChange={(event) => {
          write(event.target.value);
          setCaret(event.target.selectionStart);
          setActive(0);
        }}
        onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
        onKeyDown={(event) => {
          // Keys belong to the text, not to the canvas.
          event.stopPropagation();
          // The Enter that ends a syllable (Korean …) is not the one that chooses.
          if (event.nativeEvent.isComposing) return;
          const choice = offered[active];
          if (choice && (event.key === 'Enter' || event.key === 'Tab') && !event.ctrlKey && !event.metaKey) {
            event.preventDefault();
            take(choice);
          } else if (choice && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
            event.preventDefault();
            const by = event.key === 'ArrowDown' ? 1 : -1;
            setActive((active + by + offered.length) % offered.length);
          } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            send();
          } else if (event.key === 'Escape') {
            if (choice) setCaret(0);
            else onCancel?.();
          }
        }}
      />
      {offered.length > 0 ? (
        <ul
          id={id}
          role="listbox"
          aria-label={t('people')}
          className="absolute inset-x-0 top-full z-50 -mt-9 rounded-md bg-raised p-1 shadow-2"
        >
          {offered.map((person, index) => (
            <li
              key={person.user_id}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === active}
              onMouseDown={(event) => {
                event.preventDefault();
                take(person);
              }}
              className="cursor-pointer truncate rounded-sm px-2 py-1 text-sm aria-selected:bg-hover"
            >
              {person.name}
            </li>
          ))}
        </ul>
      ) : null}
      <div className="flex justify-end gap-2">
        {onCancel ? (
          <Button
            size="sm"
            onClick={() => {
              commentDrafts.drop(draft);
              onCancel();
            }}
          >
            {ui('cancel')}
          </Button>
        ) : null}
        <Button size="sm" type="submit" variant="primary" busy={busy} disabled={!text.trim()}>
          {submit}
        </Button>
      </div>
    </form>
  );
}

function ofMember(member: Member): Mentionable {
  return { user_id: member.user_id, name: memberName(member) };
}
