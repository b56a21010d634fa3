#!/usr/bin/env node
// The one door: `node tooling/dev/bin/labelyard.mjs <command>`. This file must be readable by very old Node versions,
// so that they can say what is missing instead of a syntax error.
const major = Number(process.versions.node.split('.')[0]);
if (major < 18) {
  console.error('Labelyard needs Node.js 18 or newer to set itself up; this is ' + process.version + '.');
  console.error('Install a current version from https://nodejs.org and try again.');
  process.exit(1);
}
import('../src/bootstrap/main.mjs').then((bootstrap) => bootstrap.main(process.argv.slice(2)));
