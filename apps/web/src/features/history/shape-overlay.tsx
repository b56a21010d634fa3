'use client';

import { geometryBounds, type Geometry } from '@labelyard/domain';
import { classNames } from '@/ui/class-names';
import { shapePath } from './shape-path';

/** How a shape is drawn: by its line as well as by its colour. */
export type ShapeMark = 'plain' | 'added' | 'removed' | 'changed';

export interface OverlayShape {
  readonly key: string;
  readonly geometry: Geometry;
  readonly color: string;
  readonly name: string;
  readonly mark?: ShapeMark | undefined;
}

/** Added: whole line and “+”. Removed: dashes and “−”. Changed: dots and “~”. */
export const MARKS = {
  plain: { sign: '', dash: undefined, className: '' },
  added: { sign: '+', dash: undefined, className: 'text-success' },
  removed: { sign: '−', dash: '6 4', className: 'text-danger' },
  changed: { sign: '~', dash: '1.5 3.5', className: 'text-warning' },
} as const satisfies Record<ShapeMark, { sign: string; dash: string | undefined; className: string }>;

/** An image with shapes over it, to be looked at and not to be changed. */
export function ShapeOverlay({
  image,
  shapes,
  pointed = null,
  label,
  className,
}: {
  image: { readonly url: string; readonly width: number; readonly height: number };
  shapes: readonly OverlayShape[];
  /** What is talked about beside the picture: stands out, whether it is among the shapes or not. */
  pointed?: Geometry | null;
  /** What the picture shows, for those who do not see it. */
  label: string;
  className?: string;
}) {
  const { width, height } = image;
  const unit = Math.max(width, height) / 600;
  const outline = pointed && shapePath(pointed, 5 * unit);
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${width} ${height}`}
      className={classNames('block h-auto max-h-[56dvh] w-full rounded-md bg-canvas', className)}
    >
      <image href={image.url} width={width} height={height} />
      {shapes.map(({ key, geometry, color, name, mark = 'plain' }) => {
        const path = shapePath(geometry, 3 * unit);
        if (path === null) return null;
        const { dash, sign, className: tone } = MARKS[mark];
        const at = sign ? geometryBounds(geometry) : null;
        const stroke = mark === 'plain' ? color : 'currentColor';
        return (
          <g key={key} className={tone} data-mark={mark}>
            <title>{sign ? `${sign} ${name}` : name}</title>
            <path d={path} fill="none" stroke="#000" strokeOpacity={0.55} strokeWidth={3.5 * unit} />
            <path
              d={path}
              fill={geometry.type === 'polyline' ? 'none' : stroke}
              fillOpacity={0.18}
              fillRule="evenodd"
              stroke={stroke}
              strokeWidth={2 * unit}
              strokeDasharray={dash?.split(' ').map((part) => Number(part) * unit).join(' ')} // prettier-ignore
            />
            {at ? (
              <text
                x={at[0] + 4 * unit}
                y={at[1] + 16 * unit}
                fontSize={16 * unit}
                fontWeight={700}
                fill={stroke}
                stroke="#000"
                strokeWidth={3 * unit}
                paintOrder="stroke"
              >
                {sign}
              </text>
            ) : null}
          </g>
        );
      })}
      {outline ? (
        <g data-mark="pointed" className="text-accent">
          <path d={outline} fill="none" stroke="#000" strokeWidth={8 * unit} />
          <path
            d={outline}
            fill={pointed?.type === 'polyline' ? 'none' : 'currentColor'}
            fillOpacity={0.25}
            fillRule="evenodd"
            stroke="currentColor"
            strokeWidth={5 * unit}
          />
        </g>
      ) : null}
    </svg>
  );
}
