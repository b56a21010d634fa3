import type { ListedObject, StorageDriver } from '@labelyard/storage';
import { viewOf, type CopiedView, type Direction } from '../record/copied-object.js';
import type { CopyRecord } from '../record/copy-record.js';
import type { RetryOptions } from '../transfer/retries.js';
import { classify, type ObjectClass, type Permissions } from './classify.js';
import { joinByKey } from './join-by-key.js';
import { inScope, objectsIn, type Scope } from './listing.js';
import { spellingCheck } from './spellings.js';

/** Keys that are yard's own and no part of an installation. */
export const OWN_PREFIX = '.labelyard/';

export interface JoinOptions {
  readonly source: StorageDriver;
  readonly target: StorageDriver;
  readonly record: Pick<CopyRecord, 'entries'>;
  readonly direction: Direction;
  readonly scope: Scope;
  readonly permissions: Permissions;
  readonly retry: RetryOptions;
}

export interface JoinedObject {
  readonly key: string;
  readonly class: ObjectClass;
  readonly source: ListedObject | undefined;
  readonly target: ListedObject | undefined;
  readonly copied: CopiedView | undefined;
  /** The key is not in NFC: R2 lists it under another spelling. */
  readonly not_nfc: boolean;
}

/** Every key of the source and the target in scope, with what it is and what is to be done about it, by the bytes of the key. */
export async function* joinedObjects(options: JoinOptions): AsyncGenerator<JoinedObject> {
  const { source, target, record, direction, scope, permissions, retry } = options;
  const spelling = spellingCheck(source, retry.signal);
  const wanted = inScope(scope);
  const known = (async function* () {
    for await (const entry of record.entries()) if (wanted(entry.key)) yield viewOf(entry, direction);
  })();
  for await (const { key, items } of joinByKey(
    objectsIn(source, scope, retry),
    objectsIn(target, scope, retry),
    known,
  )) {
    const [there, here, copied] = items;
    if (key.startsWith(OWN_PREFIX) || (!there && !here)) continue;
    let object_class = classify(key, { source: there, target: here, copied }, permissions);
    const spelled = there ? await spelling(key) : 'unique';
    if (spelled === 'nfc_collision') object_class = 'nfc_collision';
    yield { key, class: object_class, source: there, target: here, copied, not_nfc: spelled === 'not_nfc' };
  }
}
