import type { Point } from '@labelyard/domain';
import type { Handle } from '../kinds/shape-kind.js';
import { HALO, LIGHT } from './class-style.js';
import { strokeLine } from './shape-brush.js';
import type { Sight } from './raster.js';
import type { Context2D } from './surface.js';

/** Half the side or the radius of grips, in CSS pixels. */
const SIZE: Readonly<Record<Handle['role'], number>> = { corner: 4.5, edge: 3.5, vertex: 4.5, insert: 3 };

/** The grips of the selected shape; the one the keyboard holds is filled. Grips out of sight are skipped. */
export function paintGrips(
  context: Context2D,
  handles: readonly Handle[],
  held: string | null,
  sight: Sight,
  color: string,
): void {
  for (const { id, role, point } of handles) {
    const [x, y] = device(point, sight);
    if (x < -20 || y < -20 || x > sight.width + 20 || y > sight.height + 20) continue;
    const size = (SIZE[role] + (id === held ? 2 : 0)) * sight.ratio;
    context.beginPath();
    if (role === 'vertex' || role === 'insert') context.arc(x, y, size, 0, 2 * Math.PI);
    else context.rect(x - size, y - size, 2 * size, 2 * size);
    context.globalAlpha = role === 'insert' ? 0.75 : 1;
    context.fillStyle = id === held ? color : LIGHT;
    strokeLine(context, HALO, 4 * sight.ratio);
    context.fill();
    strokeLine(context, id === held ? LIGHT : color, 1.5 * sight.ratio);
  }
  context.globalAlpha = 1;
}

/** Points put down so far; the first is larger when the next point would close the shape. */
export function paintPoints(
  context: Context2D,
  points: readonly Point[],
  closing: boolean,
  sight: Sight,
  color: string,
): void {
  points.forEach((point, i) => {
    const [x, y] = device(point, sight);
    const target = i === 0 && closing;
    context.beginPath();
    context.arc(x, y, (target ? 7 : 3.5) * sight.ratio, 0, 2 * Math.PI);
    strokeLine(context, HALO, 4 * sight.ratio);
    context.fillStyle = target ? color : LIGHT;
    context.fill();
    strokeLine(context, target ? LIGHT : color, 1.5 * sight.ratio);
  });
}

function device([x, y]: Point, { placement }: Sight): Point {
  return [x * placement.scale + placement.x, y * placement.scale + placement.y];
}
