import type { FormatWriter } from './codec.js';
import { writeCoco } from './coco/write-coco.js';

/** Every format that can be written, by its name on the wire. */
export const FORMAT_WRITERS = { coco: writeCoco } as const satisfies Record<string, FormatWriter>;
export type WritableFormat = keyof typeof FORMAT_WRITERS;
