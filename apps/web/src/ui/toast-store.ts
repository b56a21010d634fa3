export interface ToastMessage {
  readonly id: number;
  readonly tone: 'success' | 'danger' | 'neutral';
  readonly title: string;
  readonly detail?: string;
  readonly action?: { readonly label: string; readonly run: () => void };
  /** Milliseconds on screen; errors stay longer. */
  readonly duration: number;
}

type Listener = () => void;
let messages: readonly ToastMessage[] = [];
let nextId = 1;
const listeners = new Set<Listener>();

function replace(next: readonly ToastMessage[]): void {
  messages = next;
  listeners.forEach((listener) => listener());
}

function show(tone: ToastMessage['tone']) {
  return (
    title: string,
    extra: { detail?: string; action?: ToastMessage['action']; duration?: number } = {},
  ): number => {
    const id = nextId++;
    const duration = extra.duration ?? (tone === 'danger' || extra.action ? 10_000 : 5_000);
    // The same words twice are one message: a burst of failures must not bury the page.
    const others = messages.filter((message) => message.title !== title || message.detail !== extra.detail);
    replace([...others, { id, tone, title, ...extra, duration }].slice(-4));
    return id;
  };
}

/** Short messages in the corner, callable from anywhere in the browser. */
export const toast = {
  success: show('success'),
  error: show('danger'),
  info: show('neutral'),
  dismiss(id: number): void {
    replace(messages.filter((message) => message.id !== id));
  },
};

/** For `useSyncExternalStore`. */
export const toastStore = {
  subscribe: (listener: Listener): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  get: () => messages,
};
