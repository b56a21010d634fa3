import type { Geometry } from '@labelyard/domain';
import { z } from 'zod';

const number = z.number();
const point = z.tuple([number, number]);
const ring = z.array(point).min(3);

/** The shapes of 7-api: used for documentation and to check answers. Requests are checked by the domain, which is faster and knows the image. */
export const geometryShapes = z.discriminatedUnion('type', [
  z.object({ type: z.literal('bbox'), bbox: z.tuple([number, number, number, number]) }),
  z.object({ type: z.literal('rotated_bbox'), center: point, size: z.tuple([number, number]), angle: number }),
  z.object({ type: z.literal('polygon'), polygons: z.array(z.tuple([ring, z.array(ring)])).min(1) }),
  z.object({ type: z.literal('mask'), size: z.tuple([z.int(), z.int()]), counts: z.string() }),
  z.object({ type: z.literal('polyline'), points: z.array(point).min(2) }),
  z.object({ type: z.literal('circle'), center: point, radius: number }),
  z.object({ type: z.literal('keypoints'), points: z.array(z.tuple([number, number, z.literal([0, 1, 2])])) }),
  z.object({ type: z.literal('classification') }),
  z.object({ type: z.literal('no_object') }),
  z.object({
    type: z.literal('text'),
    label_type: z.enum(['caption', 'description', 'qa']),
    text: z.string(),
    question: z.string().optional(),
    language: z.string(),
  }),
]);

/** The same, written as a reference in the OpenAPI document. */
export const geometry = geometryShapes.meta({ wire: 'Geometry' });

/** A geometry in a request: any object here; `checkGeometry` of the domain decides against the image's size. */
export const geometryInput = z
  .custom<Geometry>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    'must be a geometry object',
  )
  .meta({ wire: 'Geometry' });
