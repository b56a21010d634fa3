import type { CommandContext } from './command.js';
import { YardError } from './yard-error.js';

/** Text of an option that is required or has a fallback. @throws YardError bad_input */
export function textOption({ options }: Pick<CommandContext, 'options'>, name: string): string {
  const value = options[name];
  if (typeof value === 'string') return value;
  throw new YardError('bad_input', `--${kebab(name)} is missing.`, `Give --${kebab(name)} a value.`);
}

/** Text of an option, or undefined. */
export function optionalText({ options }: Pick<CommandContext, 'options'>, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}

/** Whether a switch was given. */
export function switchOption({ options }: Pick<CommandContext, 'options'>, name: string): boolean {
  return options[name] === true;
}

/** All values of an option that may be repeated. */
export function listOption({ options }: Pick<CommandContext, 'options'>, name: string): readonly string[] {
  const value = options[name];
  return Array.isArray(value) ? (value as readonly string[]) : typeof value === 'string' ? [value] : [];
}

/** A whole number within bounds. @throws YardError bad_input */
export function numberOption(
  context: Pick<CommandContext, 'options'>,
  name: string,
  { min, max }: { min: number; max: number },
): number {
  const text = textOption(context, name);
  const value = Number(text);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new YardError('bad_input', `--${kebab(name)} is "${text}".`, `Give it a whole number from ${min} to ${max}.`);
}

/** One word of a list. @throws YardError bad_input */
export function choiceOption<const Words extends readonly string[]>(
  context: Pick<CommandContext, 'options'>,
  name: string,
  words: Words,
): Words[number] {
  const text = textOption(context, name);
  if (words.includes(text)) return text;
  throw new YardError('bad_input', `--${kebab(name)} is "${text}".`, `Use one of: ${words.join(', ')}.`);
}

function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`);
}
