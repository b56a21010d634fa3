import type { StepReport } from '../steps/step.js';
import type { Output } from './output.js';

/** Lets a piece of work say things and show how far it is. */
export function workReport(out: Output, label: string): StepReport & Disposable {
  let bar: ReturnType<Output['progress']> | undefined;
  const end = () => {
    bar?.end();
    bar = undefined;
  };
  return {
    say(line) {
      end();
      out.say(line);
    },
    progress(done, total, unit) {
      bar ??= out.progress(label, unit);
      bar.update(done, total);
    },
    [Symbol.dispose]: end,
  };
}
