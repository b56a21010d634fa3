import { Datasets } from './labeler/01-datasets.js';
import { Images } from './labeler/02-images.js';
import { Annotations } from './labeler/03-annotations.js';
import { Transfers } from './labeler/04-transfers.js';
import { StatusCounters } from './labeler/05-status-counters.js';
import { Audit } from './labeler/06-audit.js';
import { Locks } from './labeler/07-locks.js';
import { Tasks } from './labeler/08-tasks.js';
import { Comments } from './labeler/09-comments.js';
import { Notifications } from './labeler/10-notifications.js';
import { History } from './labeler/11-history.js';
import { MembershipOrigin } from './labeler/12-membership-origin.js';
import { ServiceTokens } from './labeler/13-service-tokens.js';
import { ExportFiles } from './labeler/14-export-files.js';
import { Imports } from './labeler/15-imports.js';
import { Restores } from './labeler/16-restores.js';
import { Versions } from './labeler/17-versions.js';
import { PersonalNews } from './labeler/18-personal-news.js';
import { Maintenance } from './labeler/19-maintenance.js';
import { VersionNames } from './labeler/20-version-names.js';
import { CounterSlots } from './labeler/21-counter-slots.js';
import { VersionUploads } from './labeler/22-version-uploads.js';
import { TaskSplits } from './labeler/23-task-splits.js';
import { EndedSessions } from './labeler/24-ended-sessions.js';
import { ImageSplits } from './labeler/25-image-splits.js';
import { SplitsInSteps } from './labeler/26-splits-in-steps.js';
import { DeletedImages } from './labeler/27-deleted-images.js';
import { People } from './user/01-people.js';
import { Invitations } from './user/02-invitations.js';
import { SessionEpoch } from './user/03-session-epoch.js';

/** Every migration of the Labeler DB, oldest first. Released ones are never edited. */
export const LABELER_MIGRATIONS = [
  Datasets,
  Images,
  Annotations,
  Transfers,
  StatusCounters,
  Audit,
  Locks,
  Tasks,
  Comments,
  Notifications,
  History,
  MembershipOrigin,
  ServiceTokens,
  ExportFiles,
  Imports,
  Restores,
  Versions,
  PersonalNews,
  Maintenance,
  VersionNames,
  CounterSlots,
  VersionUploads,
  TaskSplits,
  EndedSessions,
  ImageSplits,
  SplitsInSteps,
  DeletedImages,
];

/** Every migration of a managed User DB, oldest first. */
export const USER_MIGRATIONS = [People, Invitations, SessionEpoch];
