'use client';

import { normaliseClassName, type TaskType } from '@labelyard/domain';
import { Plus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRef, useState } from 'react';
import { useErrorText } from '@/error-text';
import { Button } from '@/ui/button';
import { Field, Input } from '@/ui/field';
import type { useClassActions } from './class-actions';
import { classNamesIn } from './pasted-names';

/** One name and Enter, again and again; a pasted list makes one class per line. */
export function AddClasses({
  taskType,
  taken,
  create,
}: {
  taskType: TaskType;
  /** Names the task type has already. */
  taken: ReadonlySet<string>;
  create: ReturnType<typeof useClassActions>['create'];
}) {
  const t = useTranslations('classes');
  const errorText = useErrorText();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);

  const add = async (names: readonly string[]) => {
    const fresh = names.filter((name) => !taken.has(name));
    if (fresh.length === 0) return setProblem(names[0] ? t('name_taken', { name: names[0] }) : undefined);
    setBusy(true);
    setProblem(undefined);
    try {
      // One after another: the order they are made in is their order in exports.
      for (const name of fresh) await create.mutateAsync({ name, task_type: taskType });
      setText('');
    } catch (error) {
      const { title, detail } = errorText(error);
      setProblem(`${title}. ${detail}`);
    } finally {
      setBusy(false);
      input.current?.focus();
    }
  };

  return (
    <form
      className="flex items-start gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        const name = normaliseClassName(text);
        if (name && !busy) void add([name]);
      }}
    >
      <Field label={t('add_label')} hint={t('add_hint')} error={problem} className="max-w-md flex-1">
        <div className="flex gap-2">
          <Input
            ref={input}
            value={text}
            maxLength={200}
            autoComplete="off"
            readOnly={busy}
            onChange={(event) => {
              setText(event.target.value);
              setProblem(undefined);
            }}
            onPaste={(event) => {
              const names = classNamesIn(event.clipboardData.getData('text'));
              if (names.length < 2) return;
              event.preventDefault();
              void add(names);
            }}
          />
          <Button type="submit" icon={<Plus aria-hidden />} busy={busy}>
            {t('add')}
          </Button>
        </div>
      </Field>
    </form>
  );
}
