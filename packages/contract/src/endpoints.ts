import { accountEndpoints } from './endpoints/accounts.js';
import { annotationEndpoints } from './endpoints/annotations.js';
import { classEndpoints } from './endpoints/classes.js';
import { commentEndpoints } from './endpoints/comments.js';
import { datasetEndpoints } from './endpoints/datasets.js';
import { deletedImageEndpoints } from './endpoints/deleted-images.js';
import { exportEndpoints } from './endpoints/exports.js';
import { importEndpoints } from './endpoints/imports.js';
import { healthEndpoints } from './endpoints/health.js';
import { historyEndpoints } from './endpoints/history.js';
import { imageEndpoints } from './endpoints/images.js';
import { liveEndpoints } from './endpoints/live.js';
import { invitationEndpoints } from './endpoints/invitations.js';
import { maintenanceEndpoints } from './endpoints/maintenance.js';
import { memberEndpoints } from './endpoints/members.js';
import { peopleEndpoints } from './endpoints/people.js';
import { reviewEndpoints } from './endpoints/review.js';
import { serviceTokenEndpoints } from './endpoints/service-tokens.js';
import { storageEndpoints } from './endpoints/storage.js';
import { taskEndpoints } from './endpoints/tasks.js';
import { versionEndpoints } from './endpoints/versions.js';
import { timeTravelEndpoints } from './endpoints/time-travel.js';

/** The whole wire: the API binds a handler to each entry, the client calls them, OpenAPI is made of them. */
export const ENDPOINTS = {
  ...healthEndpoints,
  ...maintenanceEndpoints,
  ...peopleEndpoints,
  ...accountEndpoints,
  ...invitationEndpoints,
  ...datasetEndpoints,
  ...memberEndpoints,
  ...imageEndpoints,
  ...deletedImageEndpoints,
  ...classEndpoints,
  ...annotationEndpoints,
  ...taskEndpoints,
  ...reviewEndpoints,
  ...commentEndpoints,
  ...exportEndpoints,
  ...importEndpoints,
  ...liveEndpoints,
  ...historyEndpoints,
  ...timeTravelEndpoints,
  ...versionEndpoints,
  ...serviceTokenEndpoints,
  ...storageEndpoints,
};

export type Endpoints = typeof ENDPOINTS;
export type EndpointName = keyof Endpoints;
