import { useFormatter } from 'next-intl';

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** The decimal unit in which a size is written, and its value there. */
export function sizeParts(bytes: number): { value: number; unit: (typeof UNITS)[number] } {
  const power = Math.min(UNITS.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  // 999,950 bytes are "1 MB", not "1,000 kB".
  return Math.round(value * 10) / 10 >= 1000 && power < UNITS.length - 1
    ? { value: value / 1000, unit: UNITS[power + 1] ?? 'terabyte' }
    : { value, unit: UNITS[power] ?? 'byte' };
}

/** Short, but for bytes, whose short name has no plural. */
export function sizeFormat(bytes: number) {
  const { value, unit } = sizeParts(bytes);
  const whole = unit === 'byte' || value >= 100;
  return {
    value,
    options: {
      style: 'unit',
      unit,
      unitDisplay: unit === 'byte' ? 'long' : 'short',
      maximumFractionDigits: whole ? 0 : 1,
    },
  } as const;
}

/** Writes sizes the way the person's language does. */
export function useFileSize(): (bytes: number) => string {
  const format = useFormatter();
  return (bytes) => {
    const { value, options } = sizeFormat(bytes);
    return format.number(value, options);
  };
}
