export { chooseAccount, spawnAs } from './account.mjs';
export { startCluster, stopCluster, portTaken } from './cluster.mjs';
export { ClusterError } from './cluster-error.mjs';
export { ensureDatabases } from './databases.mjs';
export { withConnection } from './connection.mjs';
export { installedPrograms, startInstalledPostgres } from './installed.mjs';
export { acquireFileLock, readFileLock, FileLockHeld } from './file-lock.mjs';
export { describePortHolder, findFreePort, isPortFree } from './port-holder.mjs';
export { inspectProcess, isRunning } from './process-identity.mjs';
export { startTestCluster, stopIdleTestCluster } from './test-cluster.mjs';

/** @typedef {import('./cluster.mjs').Cluster} Cluster */
/** @typedef {import('./cluster.mjs').ClusterOptions} ClusterOptions */
/** @typedef {import('./file-lock.mjs').FileLock} FileLock */
/** @typedef {import('./file-lock.mjs').LockHolder} LockHolder */
