import { completeExportOptions, EXPORT_RULES, type ExportOption } from '@labelyard/contract';
import type { TaskType } from '@labelyard/domain';
import { useTranslations } from 'next-intl';
import { Checkbox, RadioGroup } from '@/ui/choice';
import { withOption, type ExportDraft } from './export-request';

/** The choices of the format, made from the table that the API checks requests by. */
export function FormatOptions({
  draft,
  task_types,
  onChange,
}: {
  draft: ExportDraft;
  /** In scope. */
  task_types: readonly TaskType[];
  onChange: (draft: ExportDraft) => void;
}) {
  const rules = Object.entries(EXPORT_RULES[draft.format].options);
  if (rules.length === 0) return null;
  const values = completeExportOptions(draft.format, draft.options[draft.format] ?? {}, task_types);
  return (
    <div className="flex flex-col gap-4">
      {rules.map(([name, rule]) => (
        <Option
          key={`${draft.format} ${name}`}
          name={name}
          rule={rule}
          value={values[name]}
          onChange={(value) => onChange(withOption(draft, name, value))}
        />
      ))}
    </div>
  );
}

function Option({
  name,
  rule,
  value,
  onChange,
}: {
  name: string;
  rule: ExportOption;
  value: unknown;
  onChange: (value: string | boolean | string[]) => void;
}) {
  const t = useTranslations('exports.options');
  // Names come from the table; each has its words.
  const words = (key: string) => t(`${name}.${key}` as Parameters<typeof t>[0]);
  const hint = (key: string) => (t.has(`${name}.${key}` as Parameters<typeof t>[0]) ? words(key) : undefined);
  switch (rule.type) {
    case 'flag':
      return <Checkbox label={words('label')} hint={hint('hint')} checked={value === true} onChange={onChange} />;
    case 'choice':
      return (
        <RadioGroup
          legend={words('label')}
          value={String(value)}
          onChange={onChange}
          options={rule.values.map((one) => ({ value: one, label: words(one), hint: hint(`${one}_hint`) }))}
        />
      );
    case 'set': {
      const chosen = Array.isArray(value) ? (value as string[]) : [];
      return (
        <fieldset>
          <legend className="mb-2 text-sm font-medium">{words('label')}</legend>
          <div className="flex flex-col gap-2">
            {rule.values.map((one) => (
              <Checkbox
                key={one}
                label={words(one)}
                hint={hint(`${one}_hint`)}
                checked={chosen.includes(one)}
                onChange={(checked) =>
                  onChange(rule.values.filter((other) => (other === one ? checked : chosen.includes(other))))
                }
              />
            ))}
          </div>
        </fieldset>
      );
    }
  }
}
