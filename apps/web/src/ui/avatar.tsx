import { classNames } from './class-names';

const letters = new Intl.Segmenter();

/** What a reader takes for the first letter: an emoji or a letter with its accents is several characters. */
function firstLetter(word: string): string {
  for (const { segment } of letters.segment(word)) return segment;
  return '';
}

/** Initials of a person on their colour. Two letters at most; one for names written without spaces. */
export function Avatar({ name, color, className }: { name: string; color?: string | null; className?: string }) {
  const words = name.trim().split(/\s+/u);
  const initials = (words.length > 1 ? [words[0], words.at(-1)] : [words[0]])
    .map((word) => firstLetter(word ?? ''))
    .join('')
    .toUpperCase();
  return (
    <span
      aria-hidden
      // Drawn, not written: initials are a picture of the name, and a button's name need not contain them.
      data-initials={initials}
      style={color ? { background: `color-mix(in oklab, ${color} 30%, var(--surface))` } : undefined}
      className={classNames(
        'inline-flex size-7 shrink-0 select-none items-center justify-center rounded-full bg-pressed text-2xs font-semibold text-text before:content-[attr(data-initials)]',
        className,
      )}
    />
  );
}
