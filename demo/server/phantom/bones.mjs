import { mirror, mix, smoothStep, tube } from './shapes.mjs';

/** @typedef {import('./shapes.mjs').Shape} Shape */
/** @typedef {import('./shapes.mjs').Ball} Ball */
/** @typedef {import('./shapes.mjs').Ellipsoid} Ellipsoid */
/** @typedef {import('./shapes.mjs').Point} Point */

const CORTEX = 820;
const MARROW = 280;
const CARTILAGE = 130;
const VERTEBRA_PITCH = 23.5;
const LOWEST_VERTEBRA = -188;
const VERTEBRAE = 17;

/**
 * The bones of the chest: spine, ribs with their cartilage, sternum, collar bones, shoulder blades
 * and the heads of the upper arms.
 *
 * @returns {Shape[]}
 */
export function bones() {
  return [...spine(), ...ribs(), ...sternum(), ...shoulders()];
}

/**
 * The spine bends to the back in the middle of the chest.
 *
 * @param {number} z
 * @returns {number} y of the middle of the vertebral bodies
 */
export function spineY(z) {
  return 54 + 9 * Math.cos((z - 20) / 110);
}

/** @returns {Shape[]} */
function spine() {
  /** @type {Shape[]} */
  const shapes = [];
  for (let i = 0; i < VERTEBRAE; i++) {
    const z = LOWEST_VERTEBRA + i * VERTEBRA_PITCH;
    const y = spineY(z);
    const size = 1 - i * 0.018;
    shapes.push(
      body({ z: z + VERTEBRA_PITCH / 2, y, rx: 16 * size, ry: 12.5 * size, half: 4, hu: 90 }),
      body({ z, y, rx: 18 * size, ry: 14 * size, half: 9.6, hu: CORTEX * 0.75 }),
      body({ z, y, rx: 16.2 * size, ry: 12.2 * size, half: 8, hu: MARROW * 0.8, grain: 45 }),
      ...processes(y, z, size),
    );
  }
  return shapes;
}

/**
 * A vertebral body or a disc: a waisted column.
 *
 * @param {{ z: number, y: number, rx: number, ry: number, half: number, hu: number, grain?: number }} part
 * @returns {Shape}
 */
function body({ z: middle, y, rx, ry, half, hu, grain = 0 }) {
  return {
    kind: 'column',
    boxiness: 0.25,
    hu,
    grain,
    section(z) {
      const t = (z - middle) / half;
      if (Math.abs(t) > 1) return undefined;
      const waist = 0.88 + 0.12 * t * t - 0.1 * smoothStep(0.85, 1, Math.abs(t));
      return { x: 0, y, rx: rx * waist, ry: ry * waist };
    },
  };
}

/**
 * The arch around the spinal canal with its processes, then canal and cord.
 *
 * @param {number} y
 * @param {number} z
 * @param {number} size
 * @returns {Shape[]}
 */
function processes(y, z, size) {
  const arch = y + 25 * size;
  const side = tube(
    [
      { x: 8 * size, y: arch + 2, z: z + 2 },
      { x: 34 * size, y: arch + 12, z: z + 4 },
    ],
    { fromRadius: 5.5 * size, toRadius: 4, hu: CORTEX * 0.8 },
  );
  const spinous = tube(
    [
      { x: 0, y: arch + 8, z },
      { x: 0, y: arch + 32 * size, z: z - 16 },
    ],
    { fromRadius: 4.5, toRadius: 3, hu: CORTEX * 0.85 },
  );
  const canal = { kind: /** @type {const} */ ('column'), boxiness: 0 };
  return [
    ...side,
    ...side.map(mirror),
    ...spinous,
    { ...canal, hu: CORTEX * 0.7, section: within(z, 7, { x: 0, y: arch, rx: 15, ry: 12.5 }) },
    { ...canal, hu: -20, section: within(z, 12, { x: 0, y: arch - 1, rx: 9.5, ry: 8.5 }) },
    { ...canal, hu: 38, section: within(z, 12, { x: 0, y: arch - 1, rx: 6, ry: 5 }) },
  ];
}

/**
 * @param {number} middle
 * @param {number} half
 * @param {{ x: number, y: number, rx: number, ry: number }} section
 */
function within(middle, half, section) {
  return (/** @type {number} */ z) => (Math.abs(z - middle) <= half ? section : undefined);
}

/** @returns {Ball[]} */
function ribs() {
  /** @type {Ball[]} */
  const balls = [];
  for (let i = 0; i < 11; i++) {
    const level = i / 10;
    const back = LOWEST_VERTEBRA + VERTEBRA_PITCH * (3 + i) + 6;
    const wide = mix(142, 76, smoothStep(0.45, 1.08, level));
    const deep = mix(96, 62, smoothStep(0.5, 1.1, level));
    const drop = mix(88, 34, level);
    const end = i < 2 ? 0.62 : i < 4 ? 0.8 : 1;
    const bone = arc({ back, wide, deep, drop, from: 0.075, to: Math.min(end, 0.8) });
    balls.push(...tube(bone, { fromRadius: 5, toRadius: 5.2, hu: CORTEX }));
    balls.push(...tube(bone, { fromRadius: 2.9, toRadius: 3.1, hu: MARROW }));
    if (end === 1) {
      const cartilage = arc({ back, wide, deep, drop, from: 0.8, to: 0.965 });
      // The lower cartilages rise again to the sternum.
      const rise = Math.max(0, -62 - (back - drop));
      const rising = cartilage.map((point, k) => ({
        ...point,
        z: point.z + rise * smoothStep(0, 1, k / (cartilage.length - 1)),
      }));
      balls.push(...tube(rising, { fromRadius: 5, toRadius: 4.6, hu: CARTILAGE }));
    }
  }
  return balls.flatMap((ball) => [ball, mirror(ball)]);
}

/**
 * Points of a rib from the spine (0) to the breast bone (1) on the left side.
 *
 * @param {{ back: number, wide: number, deep: number, drop: number, from: number, to: number }} rib
 * @returns {Point[]}
 */
function arc({ back, wide, deep, drop, from, to }) {
  const count = Math.ceil((to - from) * 60);
  return Array.from({ length: count + 1 }, (_, i) => {
    const t = mix(from, to, i / count);
    const angle = t * Math.PI;
    return {
      x: wide * Math.sin(angle) ** 0.85,
      y: 4 + deep * Math.cos(angle) * (t < 0.5 ? 0.97 : 1) - 6 * Math.sin(angle),
      z: back - drop * smoothStep(0, 1, t * 0.92) + 3 * Math.sin(angle * 2),
    };
  });
}

/** @returns {Shape[]} */
function sternum() {
  const line = [
    { x: 0, y: -76, z: 92 },
    { x: 0, y: -88, z: 40 },
    { x: 0, y: -94, z: -38 },
  ];
  return [-9, -4.5, 0, 4.5, 9]
    .flatMap((shift) => {
      const moved = line.map((point) => ({ ...point, x: shift }));
      return tube(moved, { fromRadius: 6, toRadius: 5, hu: CORTEX * 0.7 });
    })
    .concat(
      [-7, 0, 7].flatMap((shift) => {
        const moved = line.map((point) => ({ ...point, x: shift }));
        return tube(moved, { fromRadius: 4, toRadius: 3.2, hu: MARROW * 0.7 });
      }),
    );
}

/** @returns {Shape[]} */
function shoulders() {
  const collarLine = [
    { x: 14, y: -72, z: 98 },
    { x: 50, y: -74, z: 110 },
    { x: 92, y: -44, z: 122 },
    { x: 132, y: -14, z: 134 },
  ];
  const armLine = [
    { x: 146, y: 8, z: 122 },
    { x: 164, y: 10, z: 200 },
  ];
  /** @type {Array<Ball | Ellipsoid>} */
  const left = [
    ...tube(collarLine, { fromRadius: 6.5, toRadius: 6, hu: CORTEX }),
    ...tube(collarLine, { fromRadius: 3.8, hu: MARROW }),
    blade({ rx: 4.6, ry: 40, rz: 62, hu: CORTEX * 0.85 }),
    blade({ rx: 1.8, ry: 36, rz: 57, hu: MARROW }),
    ...tube(
      [
        { x: 84, y: 86, z: 92 },
        { x: 112, y: 66, z: 116 },
        { x: 142, y: 18, z: 146 },
      ],
      { fromRadius: 4.5, toRadius: 6.5, hu: CORTEX * 0.9 },
    ),
    { kind: 'ball', x: 146, y: 8, z: 122, radius: 22, hu: CORTEX * 0.8 },
    { kind: 'ball', x: 146, y: 8, z: 122, radius: 19.5, hu: MARROW * 0.9 },
    ...tube(armLine, { fromRadius: 13, toRadius: 11.5, hu: CORTEX * 1.3 }),
    ...tube(armLine, { fromRadius: 8, toRadius: 6.5, hu: -40 }),
  ];
  return left.flatMap((shape) => [shape, mirror(shape)]);
}

/**
 * @param {{ rx: number, ry: number, rz: number, hu: number }} size
 * @returns {Ellipsoid}
 */
function blade(size) {
  return { kind: 'ellipsoid', x: 104, y: 66, z: 76, turn: 0.95, ...size };
}
