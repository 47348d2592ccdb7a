import { bones } from './bones.mjs';
import { mix, smoothStep } from './shapes.mjs';
import { greatVessels, lungTrees } from './vessels.mjs';

/** @typedef {import('./shapes.mjs').Shape} Shape */
/** @typedef {import('./shapes.mjs').Ellipsoid} Ellipsoid */
/** @typedef {import('./shapes.mjs').Point} Point */

const SKIN = 25;
const FAT = -105;
const MUSCLE = 58;
const LUNG = -865;

/**
 * A chest with contrast medium in its vessels, lying on a table, from the liver to the neck.
 *
 * @returns {Shape[]} in the order in which they are painted
 */
export function chest() {
  return [
    ...table(),
    ...layer(0, SKIN),
    ...layer(2.2, FAT, 14),
    ...muscles(),
    ...cavity(),
    ...lung(1),
    ...lung(-1),
    ...lungTrees(1, inLung(1)),
    ...lungTrees(-1, inLung(-1)),
    ...abdomen(),
    ...heart(),
    ...greatVessels(),
    ...bones(),
  ];
}

/** @returns {Shape[]} */
function table() {
  const slab = (/** @type {number} */ inset, /** @type {number} */ hu) => ({
    kind: /** @type {const} */ ('column'),
    boxiness: 1,
    hu,
    section: () => ({ x: 0, y: 137, rx: 178 - inset, ry: 18 - inset }),
  });
  return [slab(0, -180), slab(2.4, -930)];
}

/**
 * Trunk, neck and raised arms, `inset` mm below the skin.
 *
 * @param {number} inset
 * @param {number} hu
 * @param {number} [grain]
 * @returns {Shape[]}
 */
function layer(inset, hu, grain = 0) {
  const arm = (/** @type {1 | -1} */ side) => ({
    kind: /** @type {const} */ ('column'),
    boxiness: 0.1,
    hu,
    grain,
    section(/** @type {number} */ z) {
      if (z < 50) return undefined;
      const grown = smoothStep(50, 128, z);
      const size = 44 * grown - inset;
      return size > 1
        ? { x: side * mix(112, 154, grown), y: 10, rx: size, ry: size * 1.02 }
        : undefined;
    },
  });
  return [
    arm(1),
    arm(-1),
    { kind: 'column', boxiness: 0.35, hu, grain, section: (z) => trunk(z, inset) },
  ];
}

/**
 * @param {number} z
 * @param {number} inset
 */
function trunk(z, inset) {
  const neck = smoothStep(96, 158, z);
  const belly = smoothStep(-40, -170, z);
  return {
    x: 0,
    y: mix(4, 32, neck),
    rx: mix(mix(168, 164, belly), 66, neck) - inset,
    ry: mix(mix(113, 118, belly), 74, neck) - inset,
  };
}

/** @returns {Shape[]} */
function muscles() {
  // The fat is thicker in front and at the sides of the belly than on the back.
  return layer(11, MUSCLE, 10).map((shape) =>
    shape.kind === 'column'
      ? {
          ...shape,
          section(z) {
            const found = shape.section(z);
            return found && { ...found, y: found.y + 2.5 };
          },
        }
      : shape,
  );
}

/** @returns {Shape[]} the fat between the lungs and around the organs */
function cavity() {
  return [
    {
      kind: 'column',
      boxiness: 0.2,
      hu: -88,
      grain: 16,
      section(z) {
        if (z > 138) return undefined;
        const top = smoothStep(20, 138, z);
        return { x: 0, y: mix(-6, 4, top), rx: mix(120, 8, top), ry: mix(78, 8, top) };
      },
    },
  ];
}

/**
 * The outline of a lung at a height.
 *
 * @param {1 | -1} side
 * @param {number} z
 */
function lungSection(side, z) {
  if (z < -150 || z > 112) return undefined;
  const narrow = Math.sqrt(Math.max(0.001, 1 - ((z + 150) / 262.5) ** 2.6));
  const rx = 60 * narrow;
  return {
    x: side * (mix(30, 74, narrow) + (side === 1 ? 3 : 0)),
    y: mix(22, -1, narrow),
    rx: side === 1 ? rx * 0.95 : rx,
    ry: 87 * narrow,
  };
}

/**
 * @param {1 | -1} side
 * @returns {(point: Point) => boolean}
 */
function inLung(side) {
  return ({ x, y, z }) => {
    const section = lungSection(side, z);
    if (section === undefined) return false;
    return (
      ((x - section.x) / (section.rx - 5)) ** 2 + ((y - section.y) / (section.ry - 5)) ** 2 < 1
    );
  };
}

/**
 * @param {1 | -1} side
 * @returns {Shape[]}
 */
function lung(side) {
  return [
    { kind: 'column', boxiness: 0.3, hu: LUNG, grain: 24, section: (z) => lungSection(side, z) },
  ];
}

/** @returns {Shape[]} liver, spleen and stomach under the two domes of the diaphragm */
function abdomen() {
  return [
    ...dome({ x: -66, y: 0, z: -178, rx: 76, ry: 92, rz: 112 }, 62, 118, 7),
    ...dome({ x: 66, y: 2, z: -184, rx: 70, ry: 90, rz: 100 }, 50, -95, 16),
    ellipsoid({ x: 10, y: -26, z: -176, rx: 84, ry: 46, rz: 74 }, 116, 7),
    ellipsoid({ x: 96, y: 40, z: -146, rx: 30, ry: 42, rz: 46 }, 128, 5),
    ellipsoid({ x: 62, y: -24, z: -142, rx: 40, ry: 44, rz: 48 }, 62),
    ellipsoid({ x: 62, y: -24, z: -142, rx: 35, ry: 39, rz: 43 }, 24, 14),
    ellipsoid({ x: 60, y: -44, z: -134, rx: 26, ry: 16, rz: 26 }, -940),
  ];
}

/**
 * An organ with a thin muscle over it.
 *
 * @param {Omit<Ellipsoid, 'kind' | 'hu' | 'turn'>} size
 * @param {number} muscle
 * @param {number} hu
 * @param {number} grain
 * @returns {Shape[]}
 */
function dome(size, muscle, hu, grain) {
  const inner = { ...size, rx: size.rx - 3, ry: size.ry - 3, rz: size.rz - 3 };
  return [ellipsoid(size, muscle), ellipsoid(inner, hu, grain)];
}

/** @returns {Shape[]} */
function heart() {
  const turn = 0.62;
  return [
    ellipsoid({ x: 20, y: -26, z: -38, rx: 70, ry: 50, rz: 56, turn }, -85, 12),
    ellipsoid({ x: 21, y: -26, z: -38, rx: 64, ry: 44, rz: 50, turn }, 96, 5),
    ellipsoid({ x: 44, y: -20, z: -46, rx: 34, ry: 18, rz: 26, turn: 0.75 }, 270),
    ellipsoid({ x: 14, y: -48, z: -44, rx: 36, ry: 14, rz: 30, turn: 0.35 }, 245),
    ellipsoid({ x: -24, y: -24, z: -34, rx: 19, ry: 24, rz: 28, turn: 0.2 }, 285),
    ellipsoid({ x: 4, y: 8, z: -22, rx: 30, ry: 15, rz: 20, turn: 0 }, 260),
    // Papillary muscles.
    ellipsoid({ x: 52, y: -10, z: -40, rx: 9, ry: 3.4, rz: 8, turn: 0.75 }, 100),
    ellipsoid({ x: 54, y: -24, z: -54, rx: 8, ry: 3.2, rz: 7, turn: 0.75 }, 100),
  ];
}

/**
 * @param {Omit<Ellipsoid, 'kind' | 'hu' | 'turn'> & { turn?: number }} size
 * @param {number} hu
 * @param {number} [grain]
 * @returns {Ellipsoid}
 */
function ellipsoid(size, hu, grain = 0) {
  return { kind: 'ellipsoid', turn: 0, ...size, hu, grain };
}
