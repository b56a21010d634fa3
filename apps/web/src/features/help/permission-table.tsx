import { can, ROLES } from '@labelyard/domain';
import { Check } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { HeadCell, Table } from '@/ui/table';
import { permissionGroups } from './permission-groups';

const STRONGEST_FIRST = ROLES.toReversed();

/** Who may do what, read from the same table that the server asks. */
export function PermissionTable() {
  const t = useTranslations('people.help');
  const words = useTranslations('people.actions');
  const roles = useTranslations('roles');
  return (
    <div className="max-w-5xl pt-8">
      <h1 className="text-2xl font-semibold">{t('title')}</h1>
      <p className="max-w-2xl pb-6 pt-2 text-muted">{t('text')}</p>
      <Table caption={t('title')}>
        <thead>
          <tr>
            <HeadCell>{t('action')}</HeadCell>
            {STRONGEST_FIRST.map((role) => (
              <HeadCell key={role} className="px-1 text-center align-bottom sm:w-24">
                <span className="inline-block whitespace-nowrap [writing-mode:vertical-rl] sm:[writing-mode:horizontal-tb]">
                  {roles(role)}
                </span>
              </HeadCell>
            ))}
          </tr>
        </thead>
        {permissionGroups().map(({ group, actions }) => (
          <tbody key={group}>
            <tr>
              <th scope="colgroup" colSpan={ROLES.length + 1} className="pb-1 pt-6 text-left text-md font-semibold">
                {t(`groups.${group}`)}
              </th>
            </tr>
            {actions.map((action) => {
              const [subject, verb] = action.split('.') as [string, string];
              return (
                <tr key={action}>
                  <th scope="row" className="min-w-40 border-b py-2 pr-3 text-left font-normal">
                    {words(`${subject}_${verb}` as 'project_read')}
                  </th>
                  {STRONGEST_FIRST.map((role) => (
                    <td key={role} className="border-b px-1 py-2 text-center">
                      {can(role, action) ? (
                        <>
                          <Check aria-hidden className="mx-auto size-4.5 text-success" />
                          <span className="sr-only">{t('yes')}</span>
                        </>
                      ) : (
                        <>
                          <span aria-hidden className="text-faint">
                            –
                          </span>
                          <span className="sr-only">{t('no')}</span>
                        </>
                      )}
                    </td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        ))}
      </Table>
      <p className="max-w-2xl pt-6 text-muted">{t('rules')}</p>
    </div>
  );
}
