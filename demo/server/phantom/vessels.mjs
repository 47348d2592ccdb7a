import { randomNumbers } from './randomNumbers.mjs';
import { distance, tube } from './shapes.mjs';
import { spineY } from './bones.mjs';

/** @typedef {import('./shapes.mjs').Ball} Ball */
/** @typedef {import('./shapes.mjs').Ellipsoid} Ellipsoid */
/** @typedef {import('./shapes.mjs').Point} Point */

const BLOOD = 265;
const AIR = -990;
const AIRWAY_WALL = 20;

/**
 * Trees of arteries and airways that grow from the hilum of one lung into it.
 *
 * @param {1 | -1} side 1 for the left lung
 * @param {(point: Point) => boolean} inLung
 * @returns {Ball[]}
 */
export function lungTrees(side, inLung) {
  const random = randomNumbers(side === 1 ? 71 : 29);
  const hilum = { x: side * 36, y: 8, z: 14 };
  const arteries = grow({ root: hilum, radius: 5.6, side, inLung, random, depth: 9 });
  const airways = grow({
    root: { ...hilum, y: 16, z: 20 },
    radius: 4.2,
    side,
    inLung,
    random,
    depth: 4,
  });
  return [
    ...arteries.flatMap(({ line, radius }) =>
      tube(line, { fromRadius: radius, toRadius: radius * 0.8, hu: BLOOD - 60 }),
    ),
    ...airways.flatMap(({ line, radius }) =>
      tube(line, { fromRadius: radius + 1.1, toRadius: radius * 0.8 + 0.9, hu: AIRWAY_WALL }),
    ),
    ...airways.flatMap(({ line, radius }) =>
      tube(line, { fromRadius: radius, toRadius: radius * 0.8, hu: AIR }),
    ),
  ];
}

/**
 * Branches that fork and thin out until they leave the lung.
 *
 * @param {{ root: Point, radius: number, side: number, inLung: (point: Point) => boolean,
 *   random: () => number, depth: number }} options
 * @returns {Array<{ line: Point[], radius: number }>}
 */
function grow({ root, radius, side, inLung, random, depth }) {
  /** @type {Array<{ line: Point[], radius: number }>} */
  const branches = [];
  /** @type {(from: Point, heading: Point, radius: number, left: number) => void} */
  const branch = (from, heading, thickness, left) => {
    if (left === 0 || thickness < 0.55) return;
    const length = 7 + thickness * (2.6 + random() * 1.4);
    const middle = step(from, jitter(heading, 0.2, random), length / 2);
    let end = step(middle, jitter(heading, 0.2, random), length / 2);
    for (let tries = 0; !inLung(end); tries++) {
      if (tries === 3) return;
      end = step(middle, jitter(heading, 0.9, random), length / 2);
    }
    branches.push({ line: [from, middle, end], radius: thickness });
    const children = left > 7 ? 3 : 2;
    for (let i = 0; i < children; i++) {
      const thinner = thickness * (0.68 + random() * 0.16);
      branch(end, jitter(heading, 0.75, random), thinner, left - 1);
    }
  };
  const starts = [
    { x: side, y: -0.5, z: 0.75 },
    { x: side, y: 0.5, z: 0.8 },
    { x: side, y: -0.65, z: -0.05 },
    { x: side, y: 0.7, z: 0.05 },
    { x: side * 0.75, y: -0.25, z: -0.8 },
    { x: side * 0.6, y: 0.65, z: -0.85 },
  ];
  for (const start of starts) branch(root, unit(start), radius, depth);
  return branches;
}

/**
 * The great vessels, the windpipe with the main bronchi, and the gullet.
 *
 * @returns {Array<Ball | Ellipsoid>}
 */
export function greatVessels() {
  const descending = Array.from({ length: 22 }, (_, i) => {
    const z = 46 - i * 12;
    return { x: 21 - i * 0.45, y: spineY(z) - 18, z };
  });
  const arch = [
    { x: 2, y: -14, z: -12 },
    { x: -10, y: -20, z: 14 },
    { x: -8, y: -16, z: 40 },
    { x: 2, y: -4, z: 58 },
    { x: 13, y: 16, z: 63 },
    { x: 20, y: 32, z: 56 },
  ];
  const trunk = [
    { x: 20, y: -30, z: -8 },
    { x: 17, y: -18, z: 18 },
    { x: 10, y: -4, z: 27 },
  ];
  const branchesToHilum = [1, -1].flatMap((side) =>
    tube(
      [
        /** @type {Point} */ (trunk[2]),
        { x: side * 22, y: 4, z: 22 },
        { x: side * 42, y: 8, z: 14 },
      ],
      {
        fromRadius: 9.5,
        toRadius: 7,
        hu: BLOOD,
      },
    ),
  );
  const neck = [1, -1].flatMap((side) => [
    ...tube(
      [
        { x: side * 6, y: 2, z: 66 },
        { x: side * 17, y: 0, z: 100 },
        { x: side * 22, y: 2, z: 170 },
      ],
      { fromRadius: 4.8, toRadius: 4, hu: BLOOD },
    ),
    ...tube(
      [
        { x: side * 16, y: -10, z: 84 },
        { x: side * 48, y: -24, z: 104 },
        { x: side * 112, y: -6, z: 118 },
        { x: side * 150, y: -20, z: 170 },
      ],
      { fromRadius: 6, toRadius: 4, hu: side === -1 ? BLOOD + 90 : BLOOD - 90 },
    ),
    ...tube(
      [
        { x: side * 26, y: -10, z: 92 },
        { x: side * 30, y: -4, z: 170 },
      ],
      { fromRadius: 6.5, toRadius: 6, hu: BLOOD - 80 },
    ),
  ]);
  const caval = [
    { x: -22, y: -12, z: 86 },
    { x: -27, y: -8, z: 30 },
    { x: -28, y: -4, z: -20 },
  ];
  const lowerCaval = [
    { x: -28, y: 4, z: -40 },
    { x: -24, y: 22, z: -100 },
    { x: -20, y: 26, z: -190 },
  ];
  return [
    ...neck,
    ...tube(caval, { fromRadius: 9, toRadius: 10.5, hu: BLOOD + 80 }),
    ...tube(lowerCaval, { fromRadius: 12, hu: 150 }),
    ...tube(trunk, { fromRadius: 13.5, toRadius: 12, hu: BLOOD }),
    ...branchesToHilum,
    ...tube(arch, { fromRadius: 15.5, toRadius: 12.5, hu: BLOOD + 15 }),
    ...tube(descending, { fromRadius: 12, toRadius: 10, hu: BLOOD + 15 }),
    ...gullet(),
    ...windpipe(),
  ];
}

/** @returns {Ball[]} */
function gullet() {
  const line = Array.from({ length: 30 }, (_, i) => {
    const z = 170 - i * 12;
    return { x: 4, y: spineY(z) - 23, z };
  });
  return [
    ...tube(line, { fromRadius: 7, hu: 42 }),
    ...tube(line.slice(4, 9), { fromRadius: 1.8, hu: -500 }),
  ];
}

/** @returns {Ball[]} */
function windpipe() {
  const carina = { x: 0, y: 15, z: 38 };
  const trachea = [{ x: 0, y: 4, z: 172 }, { x: 0, y: 9, z: 90 }, carina];
  const left = [carina, { x: 18, y: 17, z: 26 }, { x: 38, y: 16, z: 19 }];
  const right = left.map((point) => ({ ...point, x: -point.x }));
  const pipes = [
    { line: trachea, radius: 8.4 },
    { line: left, radius: 6 },
    { line: right, radius: 6.6 },
  ];
  return [
    ...pipes.flatMap(({ line, radius }) => tube(line, { fromRadius: radius + 1.8, hu: 55 })),
    ...pipes.flatMap(({ line, radius }) => tube(line, { fromRadius: radius, hu: AIR })),
  ];
}

/**
 * @param {Point} from
 * @param {Point} heading unit vector
 * @param {number} length
 * @returns {Point}
 */
function step(from, heading, length) {
  return {
    x: from.x + heading.x * length,
    y: from.y + heading.y * length,
    z: from.z + heading.z * length,
  };
}

/**
 * @param {Point} heading
 * @param {number} amount
 * @param {() => number} random
 */
function jitter(heading, amount, random) {
  const shake = () => (random() * 2 - 1) * amount;
  return unit({ x: heading.x + shake(), y: heading.y + shake(), z: heading.z + shake() });
}

/** @param {Point} vector */
function unit(vector) {
  const length = distance(vector, { x: 0, y: 0, z: 0 });
  return { x: vector.x / length, y: vector.y / length, z: vector.z / length };
}
