import { signedRingArea, type Point, type PolygonPart, type Ring } from '@labelyard/domain';

/** Beyond this many pairs only one corner of the hole is tried. */
const MAX_PAIRS = 4_000_000;

/**
 * A part with holes as one ring, for formats that know no holes: each hole is joined to the outline by a cut of no width, walked
 * there and back. Area and filled pixels stay the same.
 */
export function bridgedRing([outer, holes]: PolygonPart): Ring {
  let ring: Ring = outer;
  for (const hole of holes) {
    const against = Math.sign(signedRingArea(hole)) === Math.sign(signedRingArea(outer)) ? hole.toReversed() : hole;
    const [from, to] = closest(ring, against);
    ring = [...ring.slice(0, from + 1), ...against.slice(to), ...against.slice(0, to + 1), ...ring.slice(from)];
  }
  return ring;
}

function closest(ring: Ring, hole: Ring): [number, number] {
  const tried = ring.length * hole.length > MAX_PAIRS ? hole.slice(0, 1) : hole;
  let best = Infinity;
  let pair: [number, number] = [0, 0];
  ring.forEach(([x, y], from) => {
    tried.forEach(([hx, hy]: Point, to) => {
      const distance = (x - hx) ** 2 + (y - hy) ** 2;
      if (distance >= best) return;
      best = distance;
      pair = [from, to];
    });
  });
  return pair;
}
