import { Check } from 'lucide-react';
import { classNames } from '@/ui/class-names';

/** The box in the corner of an image that can be selected. */
export function SelectMark({ selected, className }: { selected: boolean; className?: string }) {
  return (
    <span
      aria-hidden
      className={classNames(
        'flex size-5 items-center justify-center rounded-sm border shadow-1 [&_svg]:size-4',
        selected ? 'border-accent-line bg-accent text-on-accent' : 'border-control bg-surface',
        className,
      )}
    >
      {selected ? <Check strokeWidth={3} /> : null}
    </span>
  );
}
