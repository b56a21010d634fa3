import { Command } from 'cmdk';
import { Search } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useDeferredValue, useState, type ReactNode } from 'react';
import { Kbd } from '@/ui/kbd';

/** A field and what can be chosen by typing a part of its name. `children` is told what is typed, a moment behind the typing. */
export function Palette({ placeholder, children }: { placeholder: string; children: (q: string) => ReactNode }) {
  const t = useTranslations('palette');
  const [text, setText] = useState('');
  const q = useDeferredValue(text.trim());
  return (
    <Command label={t('title')} loop className="flex max-h-[min(28rem,70dvh)] flex-col">
      <div className="flex items-center gap-2.5 border-b px-4">
        <Search aria-hidden className="size-4.5 shrink-0 text-faint" />
        <Command.Input
          autoFocus
          value={text}
          onValueChange={setText}
          placeholder={placeholder}
          className="h-12 w-full bg-transparent text-md outline-none"
        />
      </div>
      <Command.List className="overflow-y-auto p-2 [&_[cmdk-list-sizer]]:flex [&_[cmdk-list-sizer]]:flex-col [&_[cmdk-list-sizer]]:gap-1">
        <Command.Empty className="px-3 py-8 text-center text-sm text-muted">{t('nothing')}</Command.Empty>
        {children(q)}
      </Command.List>
    </Command>
  );
}

export function PaletteGroup({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:py-1.5 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-faint"
    >
      {children}
    </Command.Group>
  );
}

/** `value`: unique among the items; what is typed is looked for in `name`. `keys`: what else calls it up. */
export function PaletteItem({
  icon,
  value,
  name,
  keys,
  onSelect,
}: {
  icon: ReactNode;
  value: string;
  name: string;
  keys?: string | undefined;
  onSelect: () => void;
}) {
  return (
    <Command.Item
      value={value}
      keywords={[name]}
      onSelect={onSelect}
      className="flex min-h-9 cursor-pointer items-center gap-3 rounded-sm px-2 text-md aria-selected:bg-hover [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-muted"
    >
      {icon}
      <span className="truncate">{name}</span>
      {keys ? <Kbd keys={keys} className="ml-auto" /> : null}
    </Command.Item>
  );
}
