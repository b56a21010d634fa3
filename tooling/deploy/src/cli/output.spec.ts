import { jest } from '@jest/globals';
import { createOutput } from './output.js';
import { createRedactor } from './redaction.js';
import { workReport } from './work-report.js';

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

test('what is counted next is another line, and a total nobody knows is not made up', () => {
  jest.useFakeTimers({ doNotFake: ['performance'] });
  try {
    const { out, written } = outputTo({});
    const report = workReport(out, 'Copy');
    for (const step of [
      () => report.progress(1, 200, 'MB'),
      () => report.progress(120, 200, 'MB'),
      () => report.progress(30, null, 'objects'),
      () => report.progress(3_000, null, 'objects'),
    ]) {
      step();
      jest.advanceTimersByTime(10_000);
    }
    expect(written.stderr).toBe('  Copy: 120 of 200 MB\n  Copy: 3,000 objects\n');
  } finally {
    jest.useRealTimers();
  }
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
