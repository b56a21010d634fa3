/**
 * Puts a text on the clipboard. Browsers give pages over plain http no clipboard: there a field that nobody sees is copied.
 *
 * @throws when the browser or the person refuses
 */
export async function copyText(text: string): Promise<void> {
  const clipboard = navigator.clipboard as Clipboard | undefined;
  if (clipboard) return clipboard.writeText(text);
  const focused = document.activeElement as HTMLElement | null;
  const field = Object.assign(document.createElement('textarea'), {
    value: text,
    readOnly: true,
    className: 'sr-only',
  });
  // A dialog lets no focus out.
  (focused?.closest('[role="dialog"]') ?? document.body).append(field);
  field.select();
  // Deprecated, and the one way that is left there.
  const copied = document.execCommand('copy');
  field.remove();
  focused?.focus();
  if (!copied) throw new Error('The browser copies nothing');
}
