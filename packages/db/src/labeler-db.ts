import type { DataSource } from 'typeorm';
import type { TransactionConnection } from './connection/client-connection.js';
import type { DatabaseOptions, PoolStats } from './connection/database-options.js';
import { connect } from './connection/handle.js';
import type { Connection, Sql } from './connection/sql.js';
import { AnnotationRepository } from './repositories/annotation/annotation-repository.js';
import {
  type ExportFilter,
  type ExportSnapshot,
  openExportSnapshot,
} from './repositories/annotation/export-snapshot.js';
import { HistoryRepository } from './repositories/annotation/history-repository.js';
import { AuditRepository } from './repositories/audit-repository.js';
import { type IdempotencyKey, IdempotencyRepository } from './repositories/idempotency-repository.js';
import { EndedSessionRepository } from './repositories/ended-session-repository.js';
import { CommentRepository } from './repositories/comment/comment-repository.js';
import { NotificationRepository } from './repositories/comment/notification-repository.js';
import { DeletedImageRepository } from './repositories/deletion/deleted-image-repository.js';
import { ImageRepository } from './repositories/image/image-repository.js';
import { LockRepository } from './repositories/live/lock-repository.js';
import { PresenceRepository } from './repositories/live/presence-repository.js';
import { WatcherRepository } from './repositories/live/watcher-repository.js';
import { MaintenanceRepository } from './repositories/maintenance-repository.js';
import { ClassRepository } from './repositories/project/class-repository.js';
import { DatasetRepository } from './repositories/project/dataset-repository.js';
import { MemberRepository } from './repositories/project/member-repository.js';
import { ProjectRepository } from './repositories/project/project-repository.js';
import { RateLimitRepository } from './repositories/rate-limit-repository.js';
import { ReviewRepository } from './repositories/review/review-repository.js';
import { DissolvedTaskRepository } from './repositories/task/dissolved-task-repository.js';
import { SplitRepository } from './repositories/task/split-repository.js';
import { TaskRepository } from './repositories/task/task-repository.js';
import { VersionRepository } from './repositories/version/version-repository.js';
import { TimeTravelRepository } from './repositories/time-travel/time-travel-repository.js';
import { ServiceTokenRepository } from './repositories/service-token-repository.js';
import { type BulkSession, openBulkSession } from './repositories/transfer/bulk-session.js';
import { ExportRepository } from './repositories/transfer/export-repository.js';
import { ImportFindingsRepository } from './repositories/transfer/import-findings-repository.js';
import { ImportRepository } from './repositories/transfer/import-repository.js';
import { ImportTargetRepository } from './repositories/transfer/import-target-repository.js';
import { UploadRepository } from './repositories/transfer/upload-repository.js';
import { LABELER_SCHEMA } from './schemas.js';

export interface LabelerRepositories {
  readonly datasets: DatasetRepository;
  readonly projects: ProjectRepository;
  readonly members: MemberRepository;
  readonly classes: ClassRepository;
  readonly images: ImageRepository;
  readonly deletedImages: DeletedImageRepository;
  readonly annotations: AnnotationRepository;
  readonly uploads: UploadRepository;
  readonly exports: ExportRepository;
  readonly imports: ImportRepository;
  readonly importFindings: ImportFindingsRepository;
  readonly importTarget: ImportTargetRepository;
  readonly history: HistoryRepository;
  readonly timeTravel: TimeTravelRepository;
  readonly versions: VersionRepository;
  readonly audit: AuditRepository;
  readonly watchers: WatcherRepository;
  readonly tasks: TaskRepository;
  readonly splits: SplitRepository;
  readonly dissolvedTasks: DissolvedTaskRepository;
  readonly review: ReviewRepository;
  readonly comments: CommentRepository;
  readonly notifications: NotificationRepository;
  readonly serviceTokens: ServiceTokenRepository;
  readonly locks: LockRepository;
  readonly presence: PresenceRepository;
  readonly maintenance: MaintenanceRepository;
  readonly idempotency: IdempotencyRepository;
  readonly rateLimits: RateLimitRepository;
  readonly endedSessions: EndedSessionRepository;
  /** For SQL of libraries that must share the transaction (queue: `select graphile_worker.add_job(…)`). */
  readonly sql: Sql;
}

export interface TransactionOptions {
  /** Claimed first, in the same transaction: a taken key throws idempotency_conflict and nothing is done. */
  readonly idempotency?: IdempotencyKey | undefined;
}

/** Repositories bound to one transaction. `transaction` inside it is a savepoint. */
export interface LabelerTransaction extends LabelerRepositories {
  transaction<T>(work: (inner: LabelerTransaction) => Promise<T>): Promise<T>;
}

/** The Labeler DB: everything but people. */
export interface LabelerDb extends LabelerRepositories {
  readonly dataSource: DataSource;
  /**
   * Commits when `work` resolves, rolls back when it throws. Runs `work` again, up to 4 times in all, after a deadlock or serialization
   * failure: it must have no effects outside the database that it cannot repeat.
   */
  transaction<T>(work: (tx: LabelerTransaction) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** A project frozen at this moment, to be read in bulk. Throws not_found. */
  openExport(filter: ExportFilter): Promise<ExportSnapshot>;
  /** A session of its own for work that takes minutes: no time-outs, temporary tables, COPY. Always `close()` it. */
  openBulk(): Promise<BulkSession<LabelerTransaction>>;
  /** Throws database_unavailable. */
  ping(): Promise<void>;
  poolStats(): PoolStats;
  close(): Promise<void>;
}

type RequestId = DatabaseOptions['requestId'];

function repositoriesOver(connection: Connection, requestId: RequestId): LabelerRepositories {
  return {
    datasets: new DatasetRepository(connection),
    projects: new ProjectRepository(connection),
    members: new MemberRepository(connection),
    classes: new ClassRepository(connection),
    images: new ImageRepository(connection),
    deletedImages: new DeletedImageRepository(connection),
    annotations: new AnnotationRepository(connection),
    uploads: new UploadRepository(connection),
    exports: new ExportRepository(connection),
    imports: new ImportRepository(connection),
    importFindings: new ImportFindingsRepository(connection),
    importTarget: new ImportTargetRepository(connection),
    watchers: new WatcherRepository(connection),
    tasks: new TaskRepository(connection),
    splits: new SplitRepository(connection),
    dissolvedTasks: new DissolvedTaskRepository(connection),
    review: new ReviewRepository(connection),
    comments: new CommentRepository(connection),
    notifications: new NotificationRepository(connection),
    history: new HistoryRepository(connection),
    timeTravel: new TimeTravelRepository(connection),
    versions: new VersionRepository(connection),
    audit: new AuditRepository(connection, requestId),
    serviceTokens: new ServiceTokenRepository(connection),
    locks: new LockRepository(connection),
    presence: new PresenceRepository(connection),
    maintenance: new MaintenanceRepository(connection),
    idempotency: new IdempotencyRepository(connection),
    rateLimits: new RateLimitRepository(connection),
    endedSessions: new EndedSessionRepository(connection),
    sql: connection,
  };
}

function boundTo(connection: TransactionConnection, requestId: RequestId): LabelerTransaction {
  const bound: LabelerTransaction = {
    ...repositoriesOver(connection, requestId),
    transaction: (work) => connection.savepoint(() => work(bound)),
  };
  return bound;
}

/** Connects; throws database_unavailable, or a TypeError for options that cannot work. */
export async function createLabelerDb(options: DatabaseOptions): Promise<LabelerDb> {
  const { connection, ...handle } = await connect(LABELER_SCHEMA, options);
  return {
    ...handle,
    ...repositoriesOver(connection, options.requestId),
    transaction: (work, { idempotency } = {}) =>
      connection.transaction(async (transaction) => {
        const bound = boundTo(transaction, options.requestId);
        if (idempotency) await bound.idempotency.claim(idempotency);
        return work(bound);
      }),
    openExport: (filter) => openExportSnapshot(options, filter),
    openBulk: () => openBulkSession(options, (transaction) => boundTo(transaction, options.requestId)),
  };
}
