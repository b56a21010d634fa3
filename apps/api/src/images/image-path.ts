import type { RejectionCode } from '@labelyard/contract';
import { normaliseImagePath, type ImagePathProblem } from '@labelyard/storage';

/** A file that was not taken, by the name it came with. */
export interface Rejection {
  readonly name: string;
  readonly code: RejectionCode;
  readonly message: string;
}

const PROBLEMS: Readonly<Record<ImagePathProblem, string>> = {
  empty: 'The file has no name.',
  traversal: 'The name leads out of the dataset ("..").',
  control_character: 'The name holds a control character.',
  broken_unicode: 'The name is not valid Unicode.',
  too_long: 'The name is too long: with its folders it may have 960 bytes.',
};

export type PathAnswer = { readonly ok: true; readonly path: string } | ({ readonly ok: false } & Rejection);

/** Gives each file of one request the path it is kept under; equal ones (NFC) but the first are refused. */
export class RequestPaths {
  private readonly taken = new Set<string>();

  pathOf(name: string): PathAnswer {
    const result = normaliseImagePath(name);
    if (!result.ok) return { ok: false, name, code: 'invalid_path', message: PROBLEMS[result.reason] };
    if (this.taken.has(result.path)) {
      return {
        ok: false,
        name,
        code: 'duplicate_in_request',
        message: 'The request holds this name twice; the first one counts.',
      };
    }
    this.taken.add(result.path);
    return result;
  }
}
