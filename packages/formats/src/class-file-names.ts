import { ExportNames, fileSafeName } from './export-names.js';

/** Class → name of its file or folder, which the order of the classes decides: `a/b` and `a:b` are both `a_b`, but for a number. */
export function classFileNames(names: readonly string[]): Map<string, string> {
  const files = new ExportNames();
  // A dot in a name begins no extension.
  return new Map(names.map((name) => [name, files.next(`${fileSafeName(name)}.d`).stem]));
}
