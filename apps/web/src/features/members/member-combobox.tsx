'use client';

import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { useErrorText } from '@/error-text';
import { Combobox } from '@/ui/combobox';
import { MEMBERS_FOUND, memberSearchQuery } from './member-queries';
import { memberName } from './use-members';

/** A member who was chosen, with the name to show. */
export interface MemberChoice {
  readonly user_id: string;
  readonly name: string;
}

const NOBODY = 'nobody';

/** One member of a project, or nobody: the server searches while one types, so ten thousand can be found. */
export function MemberCombobox({
  projectId,
  label,
  nobody,
  value,
  onChange,
  workers = false,
  except = [],
}: {
  projectId: number;
  label: string;
  /** What choosing nobody is called here. */
  nobody: string;
  value: MemberChoice | null;
  onChange: (choice: MemberChoice | null) => void;
  /** Only those who may be given work. */
  workers?: boolean;
  /** Ids that are not offered. */
  except?: readonly string[];
}) {
  const errorText = useErrorText();
  // Null until it is opened: nothing is read for a list nobody looks at.
  const [text, setText] = useState<string | null>(null);
  const q = useDeferredValue(text?.trim() ?? '');
  const found = useQuery({ ...memberSearchQuery(projectId, { q, workers }), enabled: text !== null });
  const members = (found.data?.items ?? []).filter(({ user_id }) => !except.includes(user_id));
  const none = { value: NOBODY, label: nobody };
  return (
    <Combobox
      label={label}
      value={value?.user_id ?? NOBODY}
      chosen={value ? { value: value.user_id, label: value.name } : none}
      options={[
        ...(q ? [] : [none]),
        ...members.map((member) => ({
          value: member.user_id,
          label: memberName(member),
          detail: member.user?.email,
        })),
      ]}
      onChange={(user_id) => {
        const member = members.find((one) => one.user_id === user_id);
        onChange(member ? { user_id, name: memberName(member) } : null);
      }}
      search={{
        onType: setText,
        pending: found.isFetching,
        problem: found.error ? errorText(found.error).title : null,
        limit: found.data?.items.length === MEMBERS_FOUND ? MEMBERS_FOUND : null,
      }}
    />
  );
}
