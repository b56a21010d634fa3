export * from './auth-env.js';
export * from './database-env.js';
export * from './define-env.js';
export * from './http-env.js';
export * from './limits-env.js';
export * from './runtime-env.js';
export * from './storage-env.js';
export * from './web-env.js';
