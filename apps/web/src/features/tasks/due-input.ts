/** A due date as a date field shows it, in the person's own days. */
export function dueInput(due_at: string | null): string {
  if (due_at === null) return '';
  const date = new Date(due_at);
  const part = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${part(date.getMonth() + 1)}-${part(date.getDate())}`;
}

/** The end of the day that was chosen, where the person is; null for none. */
export function dueTime(value: string): string | null {
  if (!value) return null;
  const date = new Date(`${value}T23:59:59`);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
