import { dbCopy } from './db-copy.mjs';
import { dbVerify } from './db-verify.mjs';
import { exportCoco } from './export-coco.mjs';
import { exportYolo } from './export-yolo.mjs';
import { http } from './http.mjs';
import { importCoco } from './import-coco.mjs';
import { listImages } from './list-images.mjs';
import { load } from './load.mjs';
import { loadImage } from './load-image.mjs';
import { presign } from './presign.mjs';
import { save } from './save.mjs';
import { storageSync } from './storage-sync.mjs';
import { thumbnails } from './thumbnails.mjs';

/** @type {readonly import('./bench.mjs').Bench[]} */
export const BENCHES = [
  presign,
  listImages,
  loadImage,
  save,
  http,
  load,
  exportCoco,
  exportYolo,
  importCoco,
  thumbnails,
  dbVerify,
  dbCopy,
  storageSync,
];
