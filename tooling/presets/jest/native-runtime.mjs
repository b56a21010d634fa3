// A jest runtime (`runtime` of jest's configuration) whose test files are modules of the process itself instead of a world of
// their own each: what they import is loaded and compiled once. `describe`, `test`, `expect` and the reports are jest's.
// Not for tests that mock modules or change globals: nothing separates them from the next file.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import Runtime from 'jest-runtime';
import { loadNatively } from './native-modules.mjs';

const GLOBALS = [
  ...['describe', 'fdescribe', 'xdescribe', 'test', 'it', 'fit', 'xit', 'xtest', 'expect'],
  ...['beforeAll', 'beforeEach', 'afterAll', 'afterEach'],
];
/** Where jest-circus keeps who listens to a test file's events. */
const LISTENERS = Symbol.for('EVENT_HANDLERS');

/** @type {ReadonlyMap<string, string> | undefined} */
let sourceMaps;
let imports = 0;

export default class NativeRuntime extends Runtime {
  #environment;

  constructor(config, environment, ...rest) {
    super(config, environment, ...rest);
    this.#environment = environment;
    sourceMaps ??= loadNatively({
      ...config.globals.NATIVE_MODULES,
      cacheFolder: join(config.cacheDirectory, 'native-modules'),
    });
  }

  /** The test framework: of this process as well, because `expect.any(Number)` means the `Number` of the tests. */
  requireInternalModule(path) {
    const require = createRequire(path);
    delete require.cache[path];
    delete globalThis[LISTENERS];
    return require(path);
  }

  unstable_shouldLoadAsEsm() {
    return true;
  }

  async unstable_importModule(path) {
    for (const name of GLOBALS) if (name in this.#environment.global) globalThis[name] = this.#environment.global[name];
    const url = pathToFileURL(path);
    // A test file is run anew each time it is asked for, in watch mode too.
    imports += 1;
    url.search = `?${imports}`;
    await import(url.href);
  }

  getSourceMaps() {
    return sourceMaps;
  }
}
