import type { Command } from '../cli/command.js';
import { EXIT } from '../cli/exit-code.js';
import { YardError } from '../cli/yard-error.js';
import { TOPICS } from './help-topics.js';

/** `yard help`: where one begins, what there is, and how the parts belong together. */
export function helpCommand(commands: () => readonly Command[]): Command {
  return {
    path: 'help',
    says: 'show where to begin, all commands, or a topic',
    details:
      'Explains how yard works. Without a topic: the way from one environment to another, and the list of commands.',
    arguments: [{ name: '[topic]', says: `one of ${Object.keys(TOPICS).join(', ')}` }],
    examples: [{ line: 'yard help moving', says: 'How a move runs, step by step:' }],
    async run({ out, args: [topic] }) {
      if (topic === undefined) {
        const list = commands()
          .filter(({ unlisted }) => !unlisted)
          .map(({ path, says }) => ({ command: path, says }));
        out.answer(list, overview(list));
        return EXIT.ok;
      }
      const text = Object.hasOwn(TOPICS, topic) ? TOPICS[topic as keyof typeof TOPICS] : undefined;
      if (!text)
        throw new YardError(
          'bad_input',
          `There is no topic "${topic}".`,
          `Use one of: ${Object.keys(TOPICS).join(', ')}.`,
        );
      out.answer({ topic, text }, [text]);
      return EXIT.ok;
    },
  };
}

function overview(list: readonly { command: string; says: string }[]): string[] {
  const width = Math.max(...list.map(({ command }) => command.length));
  return [
    'yard moves a Labelyard installation to other databases and another storage, with proof that nothing was lost, and back.',
    '',
    'How to type: npm run -s yard -- <command>, in the folder of Labelyard (once: alias yard="npm run -s yard --")',
    'Begin with:  yard doctor --env local',
    `Topics:      ${Object.keys(TOPICS)
      .map((topic) => `yard help ${topic}`)
      .join(' · ')}`,
    'A command:   yard <command> --help',
    '',
    ...list.map(({ command, says }) => `  yard ${command.padEnd(width)}  ${says}`),
  ];
}
