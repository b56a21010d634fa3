import { DomainError } from '@labelyard/domain';
import type { Connection } from '../../connection/sql.js';
import { IMAGE_COLUMNS } from './image-list-sql.js';
import type { ImageRow, InsertedImage, NewImage, OnDuplicate } from './image-row.js';
import { lockDataset } from './lock-dataset.js';
import { freePath, siblingRange } from './numbered-path.js';

/** How often a free name is looked for while others take them. */
const ATTEMPTS = 20;

const COLUMNS = 'dataset_id, path, width, height, size_bytes, sha256, content_type, thumbnail_state, uploaded_by';

const NEW_ROWS = `insert into image_metadata as i (${COLUMNS})
  select $1, x.path, x.width, x.height, x.size_bytes, x.sha256, x.content_type, coalesce(x.thumbnail_state, 'pending'), $2
  from json_to_recordset($3::json)
    as x (path text, width integer, height integer, size_bytes bigint, sha256 text, content_type text, thumbnail_state text)
  order by x.path collate "C"`;

const INSERT = `${NEW_ROWS} on conflict (dataset_id, path) do nothing returning ${IMAGE_COLUMNS}, true as created`;

const UPSERT = `${NEW_ROWS} on conflict (dataset_id, path) do update set
    width = excluded.width, height = excluded.height, size_bytes = excluded.size_bytes, sha256 = excluded.sha256,
    content_type = excluded.content_type, uploaded_by = excluded.uploaded_by,
    uploaded_at = date_trunc('milliseconds', now()), revision = i.revision + 1,
    thumbnail_state = excluded.thumbnail_state, thumbnail_attempts = 0
  returning ${IMAGE_COLUMNS}, (xmax = 0) as created`;

/** Before any counter is touched: whoever labels one of these images holds it and waits for counters. */
const LOCK_PATHS = `select from image_metadata i where i.dataset_id = $1 and i.path = any ($2) order by i.id for no key update`;

const BY_PATHS = `select ${IMAGE_COLUMNS} from image_metadata i where i.dataset_id = $1 and i.path = any ($2)`;

/** Taken numbers of each path: `name (2).jpg` and so on lie between two borders in byte order. */
const SIBLINGS = `select s.path from unnest($2::text[], $3::text[]) as r (lower, upper)
  cross join lateral (
    select i.path from image_metadata i
    where i.dataset_id = $1 and i.path >= r.lower collate "C" and i.path < r.upper collate "C"
  ) s`;

type StoredImage = ImageRow & { readonly created: boolean };

/** See `ImageRepository.insertMany`. */
export function insertImages(
  connection: Connection,
  dataset_id: number,
  user_id: string,
  on_duplicate: OnDuplicate,
  images: readonly NewImage[],
  once_held?: () => Promise<unknown>,
): Promise<InsertedImage[]> {
  return connection.atomic(async (transaction) => {
    // All of it and the first rows leave together: others wait until this transaction ends, so each round trip is theirs too.
    const held = Promise.all([
      lockDataset(transaction, dataset_id),
      once_held?.(),
      on_duplicate === 'overwrite' && transaction.run(LOCK_PATHS, [dataset_id, images.map(({ path }) => path)]),
    ]);
    const results = new Array<InsertedImage>(images.length);
    const store = async (statement: string, rows: readonly NewImage[]): Promise<StoredImage[]> => {
      const stored = transaction.hot<StoredImage>(statement, [dataset_id, user_id, JSON.stringify(rows)]);
      // Where holding failed this fails as well, and says less.
      stored.catch(() => undefined);
      await held;
      return stored;
    };

    for (const round of roundsByPath(images)) {
      const indexOf = new Map(round.map((index) => [(images[index] as NewImage).path, index]));
      let waiting = round;
      for (let attempt = 1; waiting.length > 0; attempt += 1) {
        if (attempt > ATTEMPTS) {
          throw new DomainError('duplicate', 'Too many uploads of the same names at once; try again', {
            paths: waiting.slice(0, 10).map((index) => images[index]?.path),
          });
        }
        const rows = waiting.map((index) => images[index] as NewImage);
        for (const { created, ...image } of await store(on_duplicate === 'overwrite' ? UPSERT : INSERT, rows)) {
          const index = indexOf.get(image.path) as number;
          results[index] = { outcome: created ? 'created' : 'overwritten', asked_path: image.path, image };
        }
        waiting = waiting.filter((index) => !results[index]);
        if (waiting.length === 0) break;
        if (on_duplicate === 'skip') {
          const paths = waiting.map((index) => (images[index] as NewImage).path);
          for (const image of await transaction.rows<ImageRow>(BY_PATHS, [dataset_id, paths])) {
            results[indexOf.get(image.path) as number] = { outcome: 'skipped', asked_path: image.path, image };
          }
        } else {
          for (const [index, image] of await storeRenamed(transaction, dataset_id, images, waiting, store)) {
            results[index] = { outcome: 'renamed', asked_path: (images[index] as NewImage).path, image };
          }
        }
        // What is left vanished or was taken between two statements: once more.
        waiting = waiting.filter((index) => !results[index]);
      }
    }
    await held;
    return results;
  });
}

/** Stores each image under the next free number; those whose number was taken at the same moment are missing from the answer. */
async function storeRenamed(
  transaction: Connection,
  dataset_id: number,
  images: readonly NewImage[],
  waiting: readonly number[],
  store: (statement: string, rows: readonly NewImage[]) => Promise<StoredImage[]>,
): Promise<[index: number, image: ImageRow][]> {
  const ranges = waiting.map((index) => siblingRange((images[index] as NewImage).path));
  const siblings = await transaction.rows<{ path: string }>(SIBLINGS, [
    dataset_id,
    ranges.map(([lower]) => lower),
    ranges.map(([, upper]) => upper),
  ]);
  const taken = new Set(siblings.map(({ path }) => path));
  const renamed = new Map<string, number>();
  const rows = waiting.map((index) => {
    const image = images[index] as NewImage;
    const path = freePath(image.path, taken);
    taken.add(path);
    renamed.set(path, index);
    return { ...image, path };
  });
  return (await store(INSERT, rows)).map(({ created: _, ...image }) => [renamed.get(image.path) as number, image]);
}

/** Indexes of `images`, split so that no round has a path twice: a file named twice in one request meets itself. */
function roundsByPath(images: readonly NewImage[]): number[][] {
  const rounds: number[][] = [];
  const seen = new Map<string, number>();
  images.forEach(({ path }, index) => {
    const round = seen.get(path) ?? 0;
    seen.set(path, round + 1);
    (rounds[round] ??= []).push(index);
  });
  return rounds;
}
