// Loaded into every process a bench starts (`node --import`): it stops when the bench is gone, whatever ended that. Its
// standard input is a pipe that says nothing else.
import process from 'node:process';

process.stdin.on('end', () => process.kill(process.pid, 'SIGTERM'));
process.stdin.on('error', () => {});
process.stdin.resume();
/** @type {import('node:net').Socket} */ (process.stdin).unref?.();
