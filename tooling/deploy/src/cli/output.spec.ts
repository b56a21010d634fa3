import { createOutput } from './output.js';
import { createRedactor } from './redaction.js';

function outputTo(options: { json?: boolean; quiet?: boolean; color?: boolean; terminal?: boolean }) {
  const written = { stdout: '', stderr: '' };
  const redactor = createRedactor();
  redactor.hide('open sesame');
  const out = createOutput(
    {
      stdout: { write: (text) => void (written.stdout += text) },
      stderr: {
        write: (text) => void (written.stderr += text),
        ...(options.terminal && { isTTY: true, getColorDepth: () => 8, hasColors: () => true }),
      },
    },
    redactor,
    { json: false, ...options },
  );
  return { out, written };
}

test('data go to stdout and words to stderr, secrets to neither', () => {
  const { out, written } = outputTo({});
  out.say('opened with open sesame');
  out.mark('fail', 'shut');
  out.answer({ key: 'open sesame' }, ['the key is', 'open sesame']);
  expect(written).toEqual({ stdout: 'the key is\n[secret]\n', stderr: 'opened with [secret]\n✗ shut\n' });
});

test('with --json the answer is one value', () => {
  const { out, written } = outputTo({ json: true });
  out.answer([{ key: 'open sesame' }], ['not this']);
  expect(JSON.parse(written.stdout)).toEqual([{ key: '[secret]' }]);
});

test('an answer without lines writes nothing; --quiet leaves the answer', () => {
  const { out, written } = outputTo({ quiet: true });
  out.answer({}, []);
  out.say('words');
  out.mark('ok', 'done');
  out.answer({}, ['answer']);
  expect(written).toEqual({ stdout: 'answer\n', stderr: '' });
});

test('colours only where a terminal shows them and nobody asked for none', () => {
  const marked = (options: Parameters<typeof outputTo>[0]) => {
    const { out, written } = outputTo(options);
    out.mark('ok', 'done');
    return written.stderr;
  };
  expect(marked({ terminal: true, color: false })).toBe('✓ done\n');
  expect(marked({})).toBe('✓ done\n');
});
