// Loaded into every service (`node --import`): when the supervisor is gone, whatever killed it, the service stops as if
// asked to. Its standard input is a pipe that only ever says that the other end has closed.
if (process.env.LABELYARD_LEASH) {
  // Children of the service have another standard input.
  delete process.env.LABELYARD_LEASH;
  process.stdin.on('error', () => {});
  process.stdin.on('end', () => process.kill(process.pid, 'SIGTERM'));
  process.stdin.resume();
  // Nothing must keep a program alive that has done its work.
  /** @type {import('node:net').Socket} */ (process.stdin).unref?.();
}
