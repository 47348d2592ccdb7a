/**
 * Shapes of a phantom in millimetres: x to the patient's left, y to the back, z to the head. A later
 * shape covers an earlier one. `hu` is the value inside, in Hounsfield units, and `grain` how much of
 * the coarse texture shows there.
 *
 * @typedef {Ball | Ellipsoid | Column} Shape
 */

/** @typedef {{ x: number, y: number, z: number }} Point */

/**
 * A sphere; a chain of them is a tube.
 *
 * @typedef {Point & { kind: 'ball', radius: number, hu: number }} Ball
 */

/**
 * An ellipsoid with half axes `rx`, `ry` and `rz`, turned about z by `turn` radians.
 *
 * @typedef {Point & { kind: 'ellipsoid', rx: number, ry: number, rz: number, turn: number, hu: number,
 *   grain?: number }} Ellipsoid
 */

/**
 * A stack of ellipses whose axes change with z. `boxiness` runs from 0 for ellipses to 1 for rounded
 * boxes.
 *
 * @typedef {{ kind: 'column', section: (z: number) => Section | undefined, boxiness: number, hu: number,
 *   grain?: number }} Column
 */

/** @typedef {{ x: number, y: number, rx: number, ry: number }} Section */

/**
 * A tube through the points, its radius running from `fromRadius` to `toRadius`.
 *
 * @param {Point[]} points
 * @param {{ fromRadius: number, toRadius?: number, hu: number }} options
 * @returns {Ball[]}
 */
export function tube(points, { fromRadius, toRadius = fromRadius, hu }) {
  const lengths = points
    .slice(1)
    .map((point, i) => distance(/** @type {Point} */ (points[i]), point));
  const total = lengths.reduce((sum, length) => sum + length, 0);
  /** @type {Ball[]} */
  const balls = [];
  let walked = 0;
  lengths.forEach((length, i) => {
    const from = /** @type {Point} */ (points[i]);
    const to = /** @type {Point} */ (points[i + 1]);
    const smallest = Math.min(fromRadius, toRadius);
    const steps = Math.max(1, Math.ceil(length / Math.max(0.5, smallest * 0.35)));
    for (let step = 0; step < steps; step++) {
      const t = step / steps;
      const radius = mix(fromRadius, toRadius, (walked + length * t) / total);
      balls.push({ kind: 'ball', ...between(from, to, t), radius, hu });
    }
    walked += length;
  });
  return balls;
}

/**
 * @param {Point} from
 * @param {Point} to
 * @param {number} t
 * @returns {Point}
 */
export function between(from, to, t) {
  return { x: mix(from.x, to.x, t), y: mix(from.y, to.y, t), z: mix(from.z, to.z, t) };
}

/**
 * @param {number} from
 * @param {number} to
 * @param {number} t
 */
export function mix(from, to, t) {
  return from + (to - from) * t;
}

/**
 * 0 below `from`, 1 above `to`, smooth between them.
 *
 * @param {number} from
 * @param {number} to
 * @param {number} value
 */
export function smoothStep(from, to, value) {
  const t = Math.min(1, Math.max(0, (value - from) / (to - from)));
  return t * t * (3 - 2 * t);
}

/**
 * @param {Point} a
 * @param {Point} b
 */
export function distance(a, b) {
  return Math.hypot(a.x - b.x, a.y - b.y, a.z - b.z);
}

/**
 * Reflects a shape to the patient's other side.
 *
 * @template {Ball | Ellipsoid} T
 * @param {T} shape
 * @returns {T}
 */
export function mirror(shape) {
  return shape.kind === 'ball'
    ? { ...shape, x: -shape.x }
    : { ...shape, x: -shape.x, turn: -shape.turn };
}
