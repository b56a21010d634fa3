import { Command } from 'cmdk';
import { Search } from 'lucide-react';
import type { ReactNode } from 'react';
import { Kbd } from '@/ui/kbd';

export interface PaletteProps {
  readonly label: string;
  readonly placeholder: string;
  /** Shown when nothing fits what was typed. */
  readonly nothing: string;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly children: ReactNode;
}

/** A field and what can be chosen by typing a part of its name. */
export function Palette({ label, placeholder, nothing, text, onText, children }: PaletteProps) {
  return (
    <Command label={label} loop className="flex max-h-[min(28rem,70dvh)] flex-col">
      <div className="flex items-center gap-2.5 border-b px-4">
        <Search aria-hidden className="size-4.5 shrink-0 text-faint" />
        <Command.Input
          autoFocus
          value={text}
          onValueChange={onText}
          placeholder={placeholder}
          className="h-12 w-full bg-transparent text-md outline-none"
        />
      </div>
      <Command.List className="overflow-y-auto p-2 [&_[cmdk-list-sizer]]:flex [&_[cmdk-list-sizer]]:flex-col [&_[cmdk-list-sizer]]:gap-1">
        <Command.Empty className="px-3 py-8 text-center text-sm text-muted">{nothing}</Command.Empty>
        {children}
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
