import {
  clampToImage,
  deleteVertex,
  insertVertex,
  moveVertex,
  nearestOnRing,
  pointInPolygon,
  ringArea,
  translateGeometry,
  type PolygonGeometry,
  type PolygonPart,
  type Ring,
  type VertexPlace,
} from '@labelyard/domain';
import { roundPoint } from './rounding.js';
import type { Handle, PathSink, ShapeKind } from './shape-kind.js';

/** Rings below this area in px² are a slip of the hand, not a shape. */
export const MIN_POLYGON_AREA = 1;

/** Polygon with parts and holes. Drawing makes one ring; every ring can be edited. */
export const polygonKind: ShapeKind<PolygonGeometry> = {
  type: 'polygon',

  create(points, image) {
    const ring = points.map((point) => roundPoint(clampToImage(point, image)));
    const distinct = ring.filter((point, i) => {
      const [px, py] = ring[(i + ring.length - 1) % ring.length] as (typeof ring)[number];
      return point[0] !== px || point[1] !== py;
    });
    if (distinct.length < 3 || ringArea(distinct) < MIN_POLYGON_AREA) return null;
    return { type: 'polygon', polygons: [[distinct, []]] };
  },

  hit({ polygons }, point, tolerance) {
    if (pointInPolygon(point, polygons)) return true;
    return polygons.some(([outer, holes]) =>
      [outer, ...holes].some((ring) => (nearestOnRing(point, ring)?.distance ?? Infinity) <= tolerance),
    );
  },

  /** Each vertex is followed by the grip in the middle of the edge behind it. */
  handles({ polygons }) {
    return polygons.flatMap(([outer, holes], part) =>
      [outer, ...holes].flatMap((ring, r) =>
        ring.flatMap(([x, y], index): Handle[] => {
          const [nx, ny] = ring[(index + 1) % ring.length] as Ring[number];
          const place = `${part}.${r}.${index}`;
          return [
            { id: `v.${place}`, role: 'vertex', point: [x, y], cursor: 'move' },
            { id: `e.${place}`, role: 'insert', point: [(x + nx) / 2, (y + ny) / 2], cursor: 'copy' },
          ];
        }),
      ),
    );
  },

  moveHandle(geometry, handle_id, to, image) {
    const { insert, at } = readHandle(handle_id);
    return insert
      ? insertVertex(geometry, { ...at, index: at.index + 1 }, to, image)
      : moveVertex(geometry, at, to, image);
  },

  removeHandle(geometry, handle_id) {
    const { insert, at } = readHandle(handle_id);
    const smaller = insert ? geometry : deleteVertex(geometry, at);
    return smaller === geometry ? null : smaller;
  },

  translate: translateGeometry<PolygonGeometry>,

  round({ polygons }) {
    return {
      type: 'polygon',
      polygons: polygons.map(([outer, holes]): PolygonPart => [
        outer.map(roundPoint),
        holes.map((hole) => hole.map(roundPoint)),
      ]),
    };
  },

  path({ polygons }, sink) {
    for (const [outer, holes] of polygons) {
      ringPath(outer, sink);
      for (const hole of holes) ringPath(hole, sink);
    }
  },

  fillRule: ({ polygons }) => (polygons.some(([, holes]) => holes.length > 0) ? 'evenodd' : 'nonzero'),
};

function ringPath(ring: Ring, sink: PathSink): void {
  for (let i = 0; i < ring.length; i++) {
    const [x, y] = ring[i] as Ring[number];
    if (i === 0) sink.moveTo(x, y);
    else sink.lineTo(x, y);
  }
  sink.closePath();
}

/** `v.part.ring.index` is a vertex, `e.part.ring.index` the edge behind that vertex. */
function readHandle(id: string): { insert: boolean; at: VertexPlace } {
  const [role, part, ring, index] = id.split('.');
  return { insert: role === 'e', at: { part: Number(part), ring: Number(ring), index: Number(index) } };
}
