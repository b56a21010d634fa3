import type { StepReport } from '../steps/step.js';
import type { Output, Progress } from './output.js';

/** Lets a piece of work say things and show how far it is. */
export function workReport(out: Output, label: string): StepReport & Disposable {
  let bar: { readonly of: string; readonly shown: Progress } | undefined;
  const end = () => {
    bar?.shown.end();
    bar = undefined;
  };
  return {
    say(line) {
      end();
      out.say(line);
    },
    progress(done, total, unit) {
      // What is counted next is another bar.
      if (bar?.of !== unit) end();
      bar ??= { of: unit, shown: out.progress(label, unit) };
      bar.shown.update(done, total);
    },
    [Symbol.dispose]: end,
  };
}
