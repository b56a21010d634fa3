// Thumbnails of local files by sharp alone, four in flight. Usage: thumbnail-batch.mjs OUTPUT_FOLDER, paths as JSON on stdin.
import { basename, join } from 'node:path';
import { json } from 'node:stream/consumers';
import sharp from 'sharp';

sharp.cache(false);
sharp.concurrency(1);
const folder = process.argv[2] ?? '';
const paths = /** @type {string[]} */ (await json(process.stdin));
const started = performance.now();
let next = 0;
const run = async () => {
  for (let path = paths[next++]; path !== undefined; path = paths[next++]) {
    await sharp(path)
      .autoOrient()
      .resize(256, 256, { fit: 'inside', withoutEnlargement: true })
      .jpeg({ quality: 80 })
      .toFile(join(folder, basename(path)));
  }
};
await Promise.all([run(), run(), run(), run()]);
const wall_ms = performance.now() - started;
const { user, system } = process.cpuUsage();
const peak_mb = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ wall_ms, count: paths.length, cpu_ms: (user + system) / 1000, peak_mb }));
