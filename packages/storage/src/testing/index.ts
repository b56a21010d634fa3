export { storageContract, type ContractTarget, type S3TestServer, type ServerTrait } from './contract.js';
export { serveDiskObjects } from './disk-server.js';
export { s3TestServer } from './env.js';
export { startLocalR2, type LocalR2 } from './local-r2.js';
