import { ApiError } from '@labelyard/contract';
import { useTranslations } from 'next-intl';
import { useErrorText } from '@/error-text';

/** Why the API refused something about people, as far as it says so in a word: a rule's name or a field's problem. */
export function problemCode(error: unknown): string | null {
  if (!(error instanceof ApiError)) return null;
  const { details } = error;
  if (Array.isArray(details)) {
    const [first] = details as { path?: unknown; code?: unknown }[];
    return typeof first?.code === 'string' ? first.code : null;
  }
  const { reason, constraint } = (details ?? {}) as { reason?: unknown; constraint?: unknown };
  if (constraint === 'uq_users_email') return 'email_taken';
  return typeof reason === 'string' ? reason : null;
}

/** Words for a refusal about people; other errors have their usual ones. */
export function usePeopleProblem(): (error: unknown) => string {
  const t = useTranslations('people.problems');
  const errorText = useErrorText();
  return (error) => {
    const code = problemCode(error);
    if (code && t.has(code as 'last_owner')) return t(code as 'last_owner');
    const { title, detail } = errorText(error);
    return `${title}. ${detail}`;
  };
}
