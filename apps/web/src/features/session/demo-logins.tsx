import { useTranslations } from 'next-intl';

const PEOPLE = ['admin', 'reviewer', 'annotator', 'viewer'] as const;
const PASSWORD = 'labelyard';

/** The people of the local demo start. Never shown elsewhere: they do not exist there. */
export function DemoLogins() {
  const t = useTranslations('login.demo');
  return (
    <section aria-label={t('title')} className="mt-8 border-l-2 border-accent pl-4 text-sm">
      <h2 className="font-medium">{t('title')}</h2>
      <p className="mt-0.5 text-muted">{t('explain')}</p>
      <dl className="mt-2.5 grid grid-cols-[auto_1fr] gap-x-4 gap-y-0.5">
        {PEOPLE.map((person) => (
          <div key={person} className="contents">
            <dt className="text-muted">{t(`people.${person}`)}</dt>
            <dd className="font-mono text-xs leading-5">{`${person}@labelyard.local`}</dd>
          </div>
        ))}
        <dt className="text-muted">{t('password')}</dt>
        <dd className="font-mono text-xs leading-5">{PASSWORD}</dd>
      </dl>
    </section>
  );
}
