// Server settings, given on the command line so that nothing in the data folder has to be edited.

const BASE = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '%m [%p] ',
  lc_messages: 'C',
};

/** For data that people keep. */
const DURABLE = { max_connections: '100', shared_buffers: '128MB' };

/** For tests: the folder can be made again, so nothing waits for the disk. */
const FAST = {
  max_connections: '300',
  shared_buffers: '64MB',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  autovacuum: 'off',
};

/**
 * @param {{ port: number, fast: boolean }} options
 * @returns {Record<string, string>}
 */
export function serverSettings({ port, fast }) {
  return { ...BASE, ...(fast ? FAST : DURABLE), port: String(port) };
}
