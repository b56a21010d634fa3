import type { ExportAnnotation } from '../codec.js';
import { xmlText } from '../reading/xml-elements.js';
import { inputKey } from './cvat-labels.js';

/** Input types that keep what a value is; everything else is text. */
type Input = 'checkbox' | 'number' | 'text';

interface Declared {
  readonly name: string;
  input: Input;
  least: number;
  most: number;
}

/** More than these are not declared, so that memory does not grow with names somebody made up. */
const MOST_DECLARED = 10_000;

export type Attributes = Readonly<Record<string, unknown>>;

/** What CVAT has a place of its own for, and the rest. */
export function splitAttributes(row: ExportAnnotation): {
  readonly occluded: boolean;
  readonly z_order: number;
  readonly others: readonly (readonly [string, unknown])[];
} {
  const given = JSON.parse(row.attributes) as Attributes;
  const kind = row.annotation_type;
  const hasFlag = kind !== 'classification' && kind !== 'keypoints';
  const occluded = hasFlag && typeof given['occluded'] === 'boolean' ? given['occluded'] : null;
  const order =
    kind !== 'classification' && Number.isSafeInteger(given['z_order']) ? (given['z_order'] as number) : null;
  const others = Object.entries(given).filter(
    ([key]) => !(key === 'occluded' && occluded !== null) && !(key === 'z_order' && order !== null),
  );
  return { occluded: occluded ?? false, z_order: order ?? 0, others };
}

/** Attributes that annotations of a label have, as `<meta>` must declare them before the first one. */
export class AttributeDeclarations {
  private readonly byLabel = new Map<string, Map<string, Declared>>();
  private count = 0;

  add(label: string, row: ExportAnnotation): void {
    let declared = this.byLabel.get(label);
    for (const [name, value] of splitAttributes(row).others) {
      if (!declared) this.byLabel.set(label, (declared = new Map<string, Declared>()));
      const known = declared.get(name);
      const input = inputOf(value);
      const number = input === 'number' ? (value as number) : 0;
      if (known) {
        if (known.input !== input) known.input = 'text';
        known.least = Math.min(known.least, number);
        known.most = Math.max(known.most, number);
      } else if (this.count++ < MOST_DECLARED) declared.set(name, { name, input, least: number, most: number });
    }
  }

  /** Whether reading `value` back gives the same. */
  keeps(label: string, name: string, value: unknown): boolean {
    return typeof value === 'string'
      ? this.inputOf(label, name) === 'text'
      : this.inputOf(label, name) === inputOf(value) && inputOf(value) !== 'text';
  }

  private inputOf(label: string, name: string): Input {
    return this.byLabel.get(label)?.get(name)?.input ?? 'text';
  }

  xml(label: string, indent: string): string {
    const rows = [...(this.byLabel.get(label)?.values() ?? [])].sort((a, b) => (a.name < b.name ? -1 : 1));
    return rows
      .map(({ name, input, least, most }) => {
        const values = input === 'checkbox' ? 'false' : input === 'number' ? [least, most, 1].join('&#10;') : '';
        const start = input === 'checkbox' ? 'false' : input === 'number' ? String(least) : '';
        const parts = [
          `<name>${xmlText(name)}</name>`,
          '<mutable>False</mutable>',
          `<input_type>${input}</input_type>`,
          `<default_value>${start}</default_value>`,
          `<values>${values}</values>`,
        ];
        return `${indent}<attribute>${parts.join('')}</attribute>\n`;
      })
      .join('');
  }
}

function inputOf(value: unknown): Input {
  if (typeof value === 'boolean') return 'checkbox';
  return Number.isSafeInteger(value) ? 'number' : 'text';
}

export function attributeText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A value as `<meta>` says it is to be read. */
export function attributeValue(
  text: string,
  label: string,
  name: string,
  inputs: ReadonlyMap<string, string>,
): unknown {
  const input = inputs.get(inputKey(label, name));
  if (input === 'checkbox' && (text === 'true' || text === 'false')) return text === 'true';
  if (input === 'number' && /^-?\d+(?:\.\d+)?$/u.test(text)) return Number(text);
  return text;
}
