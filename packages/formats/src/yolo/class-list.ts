import { LINE_END } from '../line-ends.js';
import type { ImportFile } from '../reading/import-codec.js';

/** A list of the names of the classes, a line each, as many tools write it. */
export const isClassList = ({ path }: ImportFile): boolean => /(?:^|\/)(?:classes\.txt|obj\.names)$/iu.test(path);

/** An empty line between others is a class without a name. */
export const namesIn = (text: string): string[] => text.trimEnd().split(LINE_END);
