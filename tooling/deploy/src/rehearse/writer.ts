import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  ApiError,
  createClient,
  type Client,
  type Operation,
  toApiError,
  type UploadAnswer,
} from '@labelyard/contract';
import type { Ledger } from './ledger.js';
import { noisePicture } from './pictures.js';

/** Where the writer works. */
export interface WriterProject {
  readonly project_id: number;
  readonly dataset_id: number;
  readonly class_id: number;
  readonly images: readonly number[];
}

export interface WriterOptions {
  readonly name: string;
  /** The API as people reach it: the same before and after a move. */
  readonly origin: string;
  readonly token: string;
  readonly project: WriterProject;
  readonly ledger: Ledger;
  /** Aborted: finish what was begun, then stop. */
  readonly signal: AbortSignal;
  /** What was answered that no writer should ever be told. */
  readonly onProblem: (line: string) => void;
}

const MADE_BY = 'rehearsal_operation';
/** Uploads come less often than shapes. */
const UPLOAD_EVERY = 10;
const PAUSE_MS = 20;
const RETRY_MS = 100;
/** Longer than any freeze may be; what is not answered by then is told. */
const PATIENCE_MS = 10 * 60_000;

/**
 * Somebody who never stops: draws, changes and deletes boxes and uploads images, one after the other. A write that is refused for
 * maintenance or not answered is sent again, the same one, as the web app does; everything acknowledged goes into the ledger.
 */
export async function writeWithoutPause(options: WriterOptions): Promise<void> {
  const call = createClient({ origin: options.origin, token: options.token });
  const own: number[] = [];
  for (let n = 0; !options.signal.aborted; n += 1) {
    if (n % UPLOAD_EVERY === UPLOAD_EVERY - 1) await uploadOne(options, n);
    else await saveOne(options, call, own, n);
    await delay(PAUSE_MS);
  }
}

async function saveOne(
  { project, ledger, onProblem }: WriterOptions,
  call: Client,
  own: number[],
  n: number,
): Promise<void> {
  const known = own.length > 0 ? ledger.annotations.get(own[n % own.length] ?? 0) : undefined;
  const kind = known && n % 7 === 6 ? 'delete' : known && n % 3 === 2 ? 'update' : 'create';
  const image_id = kind === 'create' ? project.images[n % project.images.length] : known?.image_id;
  if (image_id === undefined) return;
  const op_id = randomUUID();
  const geometry = { type: 'bbox' as const, bbox: [n % 400, (n * 7) % 300, 20 + (n % 50), 15 + (n % 40)] as const };
  const operation = {
    create: () => ({
      op: 'create' as const,
      op_id,
      task_type: 'detection' as const,
      class_id: project.class_id,
      geometry,
      attributes: { [MADE_BY]: op_id },
    }),
    update: () => ({
      op: 'update' as const,
      op_id,
      annotation_id: known?.id ?? 0,
      version: known?.version ?? 0,
      geometry,
    }),
    delete: () => ({ op: 'delete' as const, op_id, annotation_id: known?.id ?? 0, version: known?.version ?? 0 }),
  }[kind]() as Operation;
  ledger.attempted += 1;
  const { results } = await untilAnswered(ledger, () =>
    call('annotations.operations', {
      params: { project_id: project.project_id, image_id },
      body: { operations: [operation] },
    }),
  );
  const [result] = results;
  if (result?.status !== 'applied') return onProblem(`${kind} ${op_id}: ${JSON.stringify(result)}`);
  const { annotation } = result;
  if (!annotation) {
    own.splice(own.indexOf(known?.id ?? 0), 1);
    return ledger.annotationIsGone(known?.id ?? 0);
  }
  if (kind === 'create') own.push(annotation.id);
  ledger.annotationIs({
    id: annotation.id,
    image_id,
    version: annotation.version,
    made_by: String(annotation.attributes[MADE_BY]),
    geometry: JSON.stringify(annotation.geometry),
  });
}

async function uploadOne({ name, origin, token, project, ledger, onProblem }: WriterOptions, n: number): Promise<void> {
  const bytes = noisePicture(n);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const path = `rehearsal/${name}-${n}-${randomUUID()}.png`;
  ledger.attempted += 1;
  const answer = await untilAnswered(ledger, async () => {
    const form = new FormData();
    form.set('file', new File([bytes], path, { type: 'image/png' }));
    const response = await fetch(`${origin}/api/v1/datasets/${project.dataset_id}/images`, {
      method: 'POST',
      body: form,
      headers: { authorization: `Bearer ${token}` },
    }).catch((cause: unknown) => {
      throw new ApiError(0, 'unreachable', 'The server cannot be reached', undefined, undefined, undefined, { cause });
    });
    if (!response.ok) throw await toApiError(response);
    return (await response.json()) as UploadAnswer;
  });
  // Sent twice because the first answer was lost: then it is skipped, and the row that is there is told.
  const image = answer.items.find((item) => item.path === path);
  if (image?.sha256 !== sha256) return onProblem(`upload ${path}: ${JSON.stringify(answer).slice(0, 500)}`);
  ledger.imageIs({ id: image.id, path, sha256, size_bytes: bytes.length });
}

/** Sends the same again until somebody answers with more than "later". @throws ApiError for everything else */
async function untilAnswered<T>(ledger: Ledger, send: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await send();
    } catch (error) {
      const later = error instanceof ApiError && (error.status === 0 || error.status === 502 || error.status === 503);
      if (!later || Date.now() > deadline) throw error;
      ledger.retried += 1;
      await delay(RETRY_MS);
    }
  }
}
