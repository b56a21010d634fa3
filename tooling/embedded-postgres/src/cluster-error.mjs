/**
 * What can go wrong with a cluster, in words for the person at the terminal.
 *
 * @typedef {'port_taken' | 'data_folder_damaged' | 'data_folder_foreign' | 'data_folder_busy' | 'wrong_version'
 *   | 'permission' | 'disk_full' | 'unsupported_platform' | 'broken_install' | 'password_mismatch'
 *   | 'start_failed' | 'stop_failed'} ClusterErrorCode
 */

export class ClusterError extends Error {
  /**
   * @param {ClusterErrorCode} code
   * @param {string} message what happened, where, and what to do
   * @param {Record<string, unknown>} [details]
   */
  constructor(code, message, details = {}) {
    super(message);
    this.name = 'ClusterError';
    this.code = code;
    this.details = details;
  }
}
