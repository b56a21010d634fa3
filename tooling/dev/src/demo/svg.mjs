// The few words of SVG the scenes are written in.

/** @typedef {readonly [number, number]} Point */

/** @param {number} value */
const short = (value) => String(Math.round(value * 1000) / 1000);

/**
 * @param {string} name
 * @param {Record<string, string | number | undefined>} attributes
 * @param {string} [content]
 */
export function element(name, attributes, content = '') {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? short(value) : value}"`)
    .join('');
  return `<${name}${written}>${content}</${name}>`;
}

/**
 * Reads "x,y x,y …".
 *
 * @param {string} text
 * @returns {Point[]}
 */
export function points(text) {
  return text.split(' ').map((pair) => /** @type {Point} */ (/** @type {unknown} */ (pair.split(',').map(Number))));
}

/**
 * @param {readonly Point[]} corners
 * @param {Record<string, string | number | undefined>} attributes
 */
export function polygon(corners, attributes) {
  return element('polygon', { points: corners.map(([x, y]) => `${short(x)},${short(y)}`).join(' '), ...attributes });
}

/** @param {number} x @param {number} y @param {number} width @param {number} height @param {Record<string, string | number | undefined>} attributes */
export function rectangle(x, y, width, height, attributes) {
  return element('rect', { x, y, width, height, ...attributes });
}

/** @param {number} cx @param {number} cy @param {number} r @param {Record<string, string | number | undefined>} attributes */
export function circle(cx, cy, r, attributes) {
  return element('circle', { cx, cy, r, ...attributes });
}

/** @param {number} cx @param {number} cy @param {number} rx @param {number} ry @param {Record<string, string | number | undefined>} attributes */
export function ellipse(cx, cy, rx, ry, attributes) {
  return element('ellipse', { cx, cy, rx, ry, ...attributes });
}

/** A thick line with round ends. @param {readonly Point[]} corners @param {string} stroke @param {number} width */
export function stroke(corners, stroke, width) {
  const path = corners.map(([x, y]) => `${short(x)},${short(y)}`).join(' ');
  return element('polyline', {
    points: path,
    fill: 'none',
    stroke,
    'stroke-width': width,
    'stroke-linecap': 'round',
    'stroke-linejoin': 'round',
  });
}

/**
 * A closed curve through `corners` (Catmull–Rom), as a polygon: what is drawn is exactly what is labeled.
 *
 * @param {readonly Point[]} corners
 * @param {number} [steps] per segment
 * @returns {Point[]}
 */
export function smooth(corners, steps = 5) {
  const at = (/** @type {number} */ index) => /** @type {Point} */ (corners[(index + corners.length) % corners.length]);
  return corners.flatMap((_point, index) => {
    const [a, b, c, d] = [at(index - 1), at(index), at(index + 1), at(index + 2)];
    return Array.from({ length: steps }, (_step, step) => {
      const t = step / steps;
      const blend = (/** @type {0 | 1} */ axis) =>
        0.5 *
        (2 * b[axis] +
          (c[axis] - a[axis]) * t +
          (2 * a[axis] - 5 * b[axis] + 4 * c[axis] - d[axis]) * t ** 2 +
          (3 * b[axis] - a[axis] - 3 * c[axis] + d[axis]) * t ** 3);
      return /** @type {Point} */ ([blend(0), blend(1)]);
    });
  });
}

/**
 * Mixes two colours, `#rrggbb`.
 *
 * @param {string} from
 * @param {string} to
 * @param {number} amount 0 = from, 1 = to
 */
export function mix(from, to, amount) {
  const parts = [1, 3, 5].map((at) => {
    const [a, b] = [from, to].map((color) => Number.parseInt(color.slice(at, at + 2), 16));
    return Math.round((a ?? 0) + ((b ?? 0) - (a ?? 0)) * amount)
      .toString(16)
      .padStart(2, '0');
  });
  return `#${parts.join('')}`;
}

/** Gradients of one picture, written once however often they are used. */
export function createGradients() {
  /** @type {Map<string, string>} */
  const known = new Map();
  const define = (
    /** @type {string} */ kind,
    /** @type {string} */ attributes,
    /** @type {[number, string, number?][]} */ stops,
  ) => {
    const body = stops
      .map(
        ([offset, color, opacity = 1]) => `<stop offset="${offset}" stop-color="${color}" stop-opacity="${opacity}"/>`,
      )
      .join('');
    const content = `${attributes}>${body}</${kind}>`;
    if (!known.has(content)) known.set(content, `g${known.size}`);
    return `url(#${known.get(content)})`;
  };
  return {
    /** Top to bottom as seen on the picture. @param {...[number, string, number?]} stops */
    vertical: (...stops) => define('linearGradient', ' x1="0" y1="0" x2="0" y2="1"', stops),
    /** The same inside a sprite, whose y axis points up. @param {...[number, string, number?]} stops */
    upright: (...stops) => define('linearGradient', ' x1="0" y1="1" x2="0" y2="0"', stops),
    /** @param {...[number, string, number?]} stops */
    radial: (...stops) => define('radialGradient', '', stops),
    definitions: () =>
      [...known]
        .map(
          ([content, id]) =>
            `<${content.endsWith('radialGradient>') ? 'radialGradient' : 'linearGradient'} id="${id}"${content}`,
        )
        .join(''),
  };
}

/** @typedef {ReturnType<typeof createGradients>} Gradients */
