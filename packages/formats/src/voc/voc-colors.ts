import type { Color } from '../png/write-png.js';

/** Pixels at the border of objects, left out of scores. */
export const VOID = 255;
export const MOST_INDEXES = 254;

/** The colours of the development kit: bits of the index, spread over the channels from the highest bit down. */
export const VOC_COLORS: readonly Color[] = Array.from({ length: 256 }, (_, index): Color => {
  const channels: [number, number, number] = [0, 0, 0];
  let rest = index;
  for (let bit = 7; bit >= 0; bit--) {
    for (let channel = 0; channel < 3; channel++) channels[channel]! |= ((rest >> channel) & 1) << bit;
    rest >>= 3;
  }
  return channels;
});

/** Names of the classes when no labelmap.txt says others; 0 is background. */
export const VOC_NAMES: readonly string[] = [
  'background', 'aeroplane', 'bicycle', 'bird', 'boat', 'bottle', 'bus', 'car', 'cat', 'chair', 'cow', 'diningtable', 'dog', 'horse',
  'motorbike', 'person', 'pottedplant', 'sheep', 'sofa', 'train', 'tvmonitor',
]; // prettier-ignore
