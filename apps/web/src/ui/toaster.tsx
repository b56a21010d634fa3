'use client';

import { CircleCheck, CircleX, Info, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Toast } from 'radix-ui';
import { useSyncExternalStore } from 'react';
import { toast, toastStore, type ToastMessage } from './toast-store';

const ICONS = {
  success: <CircleCheck aria-hidden className="mt-0.5 size-4.5 shrink-0 text-success" />,
  danger: <CircleX aria-hidden className="mt-0.5 size-4.5 shrink-0 text-danger" />,
  neutral: <Info aria-hidden className="mt-0.5 size-4.5 shrink-0 text-info" />,
};

const NONE: readonly ToastMessage[] = [];

/** Shows what {@link toast} was given. Mount once. */
export function Toaster() {
  const t = useTranslations('ui');
  const messages = useSyncExternalStore(toastStore.subscribe, toastStore.get, () => NONE);
  return (
    <Toast.Provider swipeDirection="right" label={t('notification')}>
      {messages.map((message) => (
        <Toast.Root
          key={message.id}
          type={message.tone === 'danger' ? 'foreground' : 'background'}
          duration={message.duration}
          onOpenChange={(open) => {
            if (!open) toast.dismiss(message.id);
          }}
          className="flex animate-rise items-start gap-2.5 rounded-md bg-raised p-3 shadow-2"
        >
          {ICONS[message.tone]}
          <div className="min-w-0 flex-1">
            <Toast.Title className="text-md font-medium">{message.title}</Toast.Title>
            {message.detail ? (
              <Toast.Description className="text-sm text-muted">{message.detail}</Toast.Description>
            ) : null}
            {message.action ? (
              <Toast.Action
                altText={message.action.label}
                onClick={message.action.run}
                className="mt-1 text-sm font-medium text-accent-text underline underline-offset-2"
              >
                {message.action.label}
              </Toast.Action>
            ) : null}
          </div>
          <Toast.Close
            aria-label={t('close')}
            className="-m-1 rounded-sm p-1 text-faint hover:bg-hover hover:text-text"
          >
            <X aria-hidden className="size-4" />
          </Toast.Close>
        </Toast.Root>
      ))}
      <Toast.Viewport
        label={t('notifications', { hotkey: '{hotkey}' })}
        className="fixed inset-x-4 top-4 z-60 flex flex-col gap-2 outline-none sm:inset-x-auto sm:bottom-(--toast-bottom) sm:left-(--toast-left) sm:top-auto sm:w-96"
      />
    </Toast.Provider>
  );
}
