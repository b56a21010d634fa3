import {
  type AnnotationSource,
  type AnnotationState,
  DomainError,
  type GeometryType,
  type Split,
  type TaskType,
} from '@labelyard/domain';
import pg from 'pg';
import { TransactionConnection } from '../../connection/client-connection.js';
import { clientClass, clientOptions } from '../../connection/client-options.js';
import type { DatabaseOptions } from '../../connection/database-options.js';
import { mapError } from '../../connection/map-error.js';
import type { Connection } from '../../connection/sql.js';
import { ClassRepository } from '../project/class-repository.js';
import { versionOrigin } from '../version/version-export.js';
import type { FrozenClass } from '../version/version-row.js';
import type { CopiedRows } from './copied-rows.js';
import { copyRows } from './copy-rows.js';
import { annotationsQuery, imagesQuery } from './export-query.js';
import { DETAILS, readImage } from './export-rows.js';
import { passingOf } from './passing-annotations.js';
import { PassingImage } from './passing-image.js';
import { PassingRows } from './passing-rows.js';

/** label: with the task · task: with confidence, source and state · origin: with people and times as well. */
export type ExportDetail = 'shape' | 'label' | 'task' | 'origin';

export interface ExportFilter {
  readonly project_id: number;
  /** A published version of the project, instead of what it is now. */
  readonly version_id?: number | undefined;
  readonly task_types?: readonly TaskType[] | undefined;
  readonly states?: readonly AnnotationState[] | undefined;
  /** Leaves out annotations without a class, and the other classes themselves. */
  readonly class_ids?: readonly number[] | undefined;
  /** Leaves out images none of whose annotations pass the filter. */
  readonly annotated_only?: boolean | undefined;
  /** What is read of an annotation beside its shape, which alone is read unless said otherwise. */
  readonly detail?: ExportDetail | undefined;
  /** Kinds whose geometry will be asked for, if not all: where annotations pass, it is not read of others. */
  readonly geometry_of?: readonly GeometryType[] | undefined;
  /** False when areas will not be asked for: where annotations pass, they are not read. */
  readonly area_wanted?: boolean | undefined;
}

export interface ExportImage {
  readonly id: number;
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly size_bytes: number;
  readonly sha256: string;
  readonly content_type: string;
  /** As people or imported files chose; null where it follows from the path. */
  readonly split: Split | null;
  /** Its picture lies under a key of its own (`keptPictureKey`): of versions only. */
  readonly kept?: boolean;
}

export interface ExportAnnotation {
  readonly id: number;
  readonly image_id: number;
  readonly class_id: number | null;
  readonly annotation_type: GeometryType;
  /** Canonical JSON text as stored. */
  readonly geometry: string;
  readonly bbox_x: number | null;
  readonly bbox_y: number | null;
  readonly bbox_w: number | null;
  readonly bbox_h: number | null;
  readonly area: number | null;
  /** JSON text, `{}` when there are none. */
  readonly attributes: string;
  /** Bytes of `geometry`, where they are at hand. */
  readonly geometry_utf8?: Uint8Array | undefined;
  // The rest as `detail` asks for it.
  readonly task_type?: TaskType;
  readonly confidence?: number | null;
  readonly source?: AnnotationSource;
  readonly state?: AnnotationState;
  readonly created_by?: string;
  readonly updated_by?: string;
  readonly created_at?: string;
  readonly updated_at?: string;
  readonly confirmed_by?: string | null;
  readonly confirmed_at?: string | null;
}

/**
 * A project frozen at one moment: everything read through it belongs together, however long reading takes.
 * Uses its own connections, one per open stream, never the pool's. Always `close()` it (or `await using`).
 */
export interface ExportSnapshot extends AsyncDisposable {
  readonly project: {
    readonly id: number;
    readonly dataset_id: number;
    readonly name: string;
    readonly task_types: TaskType[];
  };
  /** Label and moment of a published version; absent for the working copy. */
  readonly version?: { readonly label: string; readonly published_at: string };
  readonly classes: readonly FrozenClass[];
  /** At most; classes and `annotated_only` are not taken into account. */
  readonly counts: { readonly images: number; readonly annotations: number };
  /** Images by id, in batches. */
  images(): AsyncIterable<ExportImage[]>;
  /** By annotation id, or by (image_id, id) to walk images and annotations side by side. */
  annotations(order?: 'id' | 'image'): AsyncIterable<ExportAnnotation[]>;
  /** The same for whoever keeps none of them, in a fraction of the time. Absent where they have to be made. */
  readonly passing?: (order?: 'id' | 'image') => AsyncIterable<PassingRows<ExportAnnotation>>;
  /** Images in the same way. */
  readonly passingImages?: () => AsyncIterable<PassingRows<ExportImage>>;
  close(): Promise<void>;
}

/** What a snapshot is of, and the queries that read it. */
export interface ExportOrigin extends Pick<ExportSnapshot, 'project' | 'version' | 'classes' | 'counts'> {
  readonly images: BulkQuery<ExportImage>;
  readonly annotations: (order: 'id' | 'image') => BulkQuery<ExportAnnotation>;
  readonly passing?: ((order: 'id' | 'image') => PassingQuery<ExportAnnotation>) | undefined;
  readonly passing_images?: PassingQuery<ExportImage>;
}

export interface BulkQuery<Row> {
  readonly text: string;
  /** Reads every column, in their order. */
  readonly readRow: (rows: CopiedRows) => Row;
}

export interface PassingQuery<Row> {
  readonly text: string;
  readonly open: (rows: CopiedRows) => PassingRows<Row>;
}

/** Sessions of an export read for as long as the consumer takes, and are idle in between. */
const UNHURRIED = { statement_timeout: 0, idle_in_transaction_session_timeout: 0 };

/** So few that rows are done with before the next collection: what outlives one is kept until a great one. */
const BATCH_ROWS = 32;

interface Head {
  readonly id: number;
  readonly dataset_id: number;
  readonly name: string;
  readonly task_types: TaskType[];
  readonly images: number;
  readonly first_image: number | null;
  readonly last_image: number | null;
  readonly annotations: number;
}

/** See `LabelerDb.openExport`. */
export async function openExportSnapshot(options: DatabaseOptions, filter: ExportFilter): Promise<ExportSnapshot> {
  const open = new Set<pg.Client>();
  const session = async (snapshot?: string) => {
    const client = await beginSnapshot(options, snapshot);
    open.add(client);
    return client;
  };
  const close = async () => {
    const clients = [...open];
    open.clear();
    await Promise.all(clients.map((client) => client.end().catch(() => undefined)));
  };

  const keeper = await session();
  try {
    const connection = new TransactionConnection(keeper);
    const exported = await connection.one<{ name: string }>(`select pg_export_snapshot() as name`);
    const { version_id } = filter;
    const { images, annotations, passing, passing_images, ...head } =
      version_id === undefined
        ? await workingCopy(connection, filter)
        : await versionOrigin(connection, { ...filter, version_id });

    async function* rowsOf(text: string): AsyncGenerator<CopiedRows> {
      const client = await session(exported?.name);
      try {
        yield* copyRows(client, text);
      } finally {
        open.delete(client);
        // With a COPY still running this cuts the connection, and the server stops.
        await client.end().catch(() => undefined);
      }
    }
    async function* batches<Row>({ text, readRow }: BulkQuery<Row>): AsyncGenerator<Row[]> {
      for await (const rows of rowsOf(text)) {
        for (let more = true; more;) {
          const batch: Row[] = [];
          while (batch.length < BATCH_ROWS && (more = rows.next())) batch.push(readRow(rows));
          if (batch.length > 0) yield batch;
        }
      }
    }
    async function* passes<Row>({ text, open: openPass }: PassingQuery<Row>): AsyncGenerator<PassingRows<Row>> {
      let pass: PassingRows<Row> | undefined;
      for await (const rows of rowsOf(text)) yield (pass ??= openPass(rows));
    }
    return {
      ...head,
      images: () => batches(images),
      annotations: (order = 'id') => batches(annotations(order)),
      ...(passing && { passing: (order = 'id') => passes(passing(order)) }),
      ...(passing_images && { passingImages: () => passes(passing_images) }),
      close,
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function workingCopy(connection: Connection, filter: ExportFilter): Promise<ExportOrigin> {
  const { project_id, task_types, states, class_ids } = filter;
  const head = await connection.one<Head>(HEAD, [project_id, task_types ?? null, states ?? null]);
  if (!head) throw new DomainError('not_found', 'The project does not exist any more', { ...filter });
  const classes = await new ClassRepository(connection).list(project_id);
  const { images, first_image: first, last_image: last, annotations, ...project } = head;
  const image_range = first === null || last === null ? null : { first, last, count: images };
  const passing = passingOf(filter);
  const imagesText = imagesQuery(filter, project.dataset_id);
  return {
    project,
    classes: class_ids ? classes.filter(({ id }) => class_ids.includes(id)) : classes,
    counts: { images, annotations },
    images: { text: imagesText, readRow: readImage },
    passing_images: { text: imagesText, open: (rows) => new PassingRows<ExportImage>(rows, new PassingImage(rows)) },
    annotations: (order) => ({
      text: annotationsQuery(filter, project.dataset_id, image_range, order),
      readRow: DETAILS[filter.detail ?? 'shape'].readRow,
    }),
    passing:
      passing &&
      ((order) => ({
        ...passing,
        text: annotationsQuery(filter, project.dataset_id, image_range, order, passing.columns),
      })),
  };
}

/** $1 project, $2 task types, $3 states. Counters, not rows. */
const HEAD = `select p.id, p.dataset_id, p.name, p.task_types, d.image_count as images,
  (select min(id) from image_metadata where dataset_id = d.id) as first_image,
  (select max(id) from image_metadata where dataset_id = d.id) as last_image, (
    select coalesce(sum(case when $3::text[] is null then s.annotation_count else
        case when 'draft' = any ($3) then s.draft_count else 0 end
        + case when 'confirmed' = any ($3) then s.confirmed_count else 0 end
        + case when 'verified' = any ($3) then s.verified_count else 0 end end), 0)::bigint
    from image_statuses s where s.project_id = p.id and ($2::text[] is null or s.task_type = any ($2))
  ) as annotations
  from annotation_projects p join datasets d on d.id = p.dataset_id where p.id = $1 and d.deleted_at is null`;

async function beginSnapshot(options: DatabaseOptions, snapshot: string | undefined): Promise<pg.Client> {
  const Client = clientClass(options) ?? pg.Client;
  const client = new Client({ ...clientOptions(options), ...UNHURRIED });
  // A connection that breaks while nobody reads from it is told by the next read.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('begin isolation level repeatable read read only');
    if (snapshot) await client.query(`set transaction snapshot ${client.escapeLiteral(snapshot)}`);
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    throw mapError(error);
  }
}
