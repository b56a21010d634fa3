import { signedRingArea, type Point, type PolygonPart, type Ring } from '@labelyard/domain';

/** So many pairs of corners are compared for one part, however many holes it has. */
const MAX_PAIRS = 4_000_000;

/**
 * A part with holes as one ring, for formats that know no holes: each hole is joined to the outline by a cut of no width, walked
 * there and back. Area and filled pixels stay the same. Cuts are as short as can be found in a moment.
 */
export function bridgedRing(part: PolygonPart): Ring {
  const [outer, holes] = part;
  if (holes.length === 0) return outer;
  const corners = holes.reduce((sum, hole) => sum + hole.length, outer.length);
  const against = holes.map((hole) => (sameTurn(hole, outer) ? hole.toReversed() : hole));
  return corners * holes.length > MAX_PAIRS ? chained(outer, against) : nearest(outer, against);
}

function sameTurn(a: Ring, b: Ring): boolean {
  return Math.sign(signedRingArea(a)) === Math.sign(signedRingArea(b));
}

/** Each hole by the shortest cut; beyond the pairs that are its share, only one corner of it is tried. */
function nearest(outer: Ring, holes: readonly Ring[]): Ring {
  let ring: Ring = outer;
  for (const hole of holes) {
    const few = ring.length * hole.length <= MAX_PAIRS / holes.length;
    const [from, to] = closest(ring, few ? hole : hole.slice(0, 1));
    ring = [...ring.slice(0, from + 1), ...hole.slice(to), ...hole.slice(0, to + 1), ...ring.slice(from)];
  }
  return ring;
}

/** From hole to hole and back the same way: one pass, for the thousands of holes of a noisy mask. */
function chained(outer: Ring, holes: readonly Ring[]): Ring {
  const begin = (ring: Ring) => ring[0] as Point;
  const there = holes.flatMap((hole) => [...hole, begin(hole)]);
  const back = holes.toReversed().slice(1).map(begin);
  return [...outer, begin(outer), ...there, ...back];
}

function closest(ring: Ring, hole: Ring): [number, number] {
  let best = Infinity;
  let pair: [number, number] = [0, 0];
  ring.forEach(([x, y], from) => {
    hole.forEach(([hx, hy]: Point, to) => {
      const distance = (x - hx) ** 2 + (y - hy) ** 2;
      if (distance >= best) return;
      best = distance;
      pair = [from, to];
    });
  });
  return pair;
}
