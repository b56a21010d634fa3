// Loaded into each program of the stack (`node --import`): when the run is gone, whatever killed it, the program goes too.
// Its standard input is a pipe that only ever says that the other end has closed.
process.stdin.on('error', () => {});
process.stdin.on('end', () => process.kill(process.pid, 'SIGKILL'));
process.stdin.resume();
// Nothing must keep a program alive that has done its work.
/** @type {import('node:net').Socket} */ (process.stdin).unref?.();
