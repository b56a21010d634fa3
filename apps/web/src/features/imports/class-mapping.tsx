import type { ImportReport, LabelClass } from '@labelyard/contract';
import { useTranslations } from 'next-intl';
import { Select } from '@/ui/select';

type Row = ImportReport['classes'][number];

export const NEW = 'new';
export const SKIP = 'skip';
/** More rows than anybody maps by hand; the others go by their names. */
const MOST_ROWS = 200;
/** Name, count, target: beside each other where there is room, else below each other. */
const LINE = 'gap-x-4 gap-y-1.5 sm:grid sm:grid-cols-[minmax(0,1fr)_8rem_14rem] sm:items-center';

/** What each class of the files becomes. */
export function ClassMapping({
  rows,
  classes,
  target,
  onChange,
}: {
  rows: readonly Row[];
  /** Of the project; undefined while they are loaded. */
  classes: readonly Pick<LabelClass, 'id' | 'name' | 'task_type'>[] | undefined;
  target: (row: Row) => string;
  onChange: (row: Row, target: string) => void;
}) {
  const t = useTranslations('imports.plan');
  const types = useTranslations('task_types');
  return (
    <div>
      <h4 className="text-sm font-medium">{t('classes')}</h4>
      <div aria-hidden className={`hidden border-b py-2 text-xs font-medium text-muted ${LINE}`}>
        <span>{t('class')}</span>
        <span className="col-start-3">{t('becomes')}</span>
      </div>
      <div className="max-h-96 overflow-y-auto" tabIndex={0} role="group" aria-label={t('classes')}>
        <ul>
          {rows.slice(0, MOST_ROWS).map((row) => (
            <li key={`${row.task_type} ${row.name}`} className={`flex flex-col border-b py-2 ${LINE}`}>
              <span className="min-w-0">
                <span className="break-words">{row.name}</span>
                <span className="block text-xs text-muted">{types(row.task_type)}</span>
              </span>
              <span className="tabular text-sm text-muted sm:text-right">{t('count', { count: row.annotations })}</span>
              <span aria-hidden className="text-xs text-muted sm:hidden">
                {t('becomes')}
              </span>
              <Select
                size="sm"
                label={t('becomes_of', { name: row.name })}
                value={target(row)}
                onChange={(value) => onChange(row, value)}
                className="w-full"
                options={[
                  ...(row.class_id === null ? [{ value: NEW, label: t('new_class') }] : []),
                  ...(classes ?? [])
                    .filter(({ task_type }) => task_type === row.task_type)
                    .map(({ id, name }) => ({ value: String(id), label: name })),
                  ...(row.class_id !== null && !classes ? [{ value: String(row.class_id), label: row.name }] : []),
                  { value: SKIP, label: t('leave_out') },
                ]}
              />
            </li>
          ))}
        </ul>
      </div>
      {rows.length > MOST_ROWS ? (
        <p className="mt-1 text-xs text-muted">{t('more_classes', { count: rows.length - MOST_ROWS })}</p>
      ) : null}
    </div>
  );
}
