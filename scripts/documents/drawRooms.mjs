/** @typedef {import('./readRooms.mjs').Plan} Plan */
/** @typedef {import('./readRooms.mjs').Room} Room */
/** @typedef {import('./readRooms.mjs').Passage} Passage */

/** Sizes in pixels. */
const MARGIN = 24;
const TITLE_HEIGHT = 62;
const BOX_WIDTH = 600;
const BOX_PADDING = 16;
const LINE_HEIGHT = 20;
const CHIP_HEIGHT = 28;
const CHIP_GAP = 8;
const GAP = 40;
/** Of the names beside a box, from which the arrows to lower floors begin. */
const LABEL_WIDTH = 118;
const LANE_WIDTH = 26;
const STUB_HEIGHT = 19;
/** Characters of a line of small text that fit into a box, also in a wide font. */
const LINE_LENGTH = 76;
/** From the top of a box to the arrow that comes in. */
const ENTRY_OFFSET = 12;

/** One colour for the arrows to each room, in turn; readable on white and on black. */
const COLOURS = ['#3b7dd8', '#c2672b', '#2e9e6b', '#b0508f', '#8a7a1f', '#7a6be0', '#c84b4b'];

const STYLE = `
  svg { font-family: system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif; font-size: 13px; }
  .page { fill: #ffffff; }
  .box { fill: #f4f6f8; stroke: #8c959f; }
  .chip { fill: #ffffff; stroke: #afb8c1; }
  text { fill: #1f2328; }
  .muted { fill: #59636e; font-size: 12px; }
  .name { font-size: 16px; font-weight: 600; }
  .down { stroke: #59636e; fill: none; }
  .head { fill: #59636e; }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0d1117; }
    .box { fill: #161b22; stroke: #6e7681; }
    .chip { fill: #0d1117; stroke: #484f58; }
    text { fill: #e6edf3; }
    .muted { fill: #9198a1; }
    .down { stroke: #9198a1; }
    .head { fill: #9198a1; }
  }`;

/**
 * Draws the rooms from top to bottom and the imports between them as SVG. An arrow between neighbours goes
 * straight down; one that skips floors goes down a lane at the right, which all arrows to the same room share.
 * The width of an arrow grows with the number of imports.
 *
 * @param {Plan} plan
 * @returns {string} the text of the file; the same plan gives the same text
 */
export function drawRooms({ rooms, passages }) {
  const modules = rooms.reduce((sum, room) => sum + room.modules, 0);
  const skipping = passages.filter(({ from, to }) => floorOf(rooms, to) - floorOf(rooms, from) > 1);
  const targets = rooms.filter(({ name }) => skipping.some(({ to }) => to === name));
  const boxes = placeBoxes(rooms, skipping);
  const right = MARGIN + BOX_WIDTH;
  const width = right + LABEL_WIDTH + Math.max(1, targets.length) * LANE_WIDTH + MARGIN;
  const last = boxes.at(-1);
  const height = (last ? last.top + last.height : TITLE_HEIGHT) + MARGIN;
  const summary = `The rooms of src: ${modules} modules`;

  const lanes = targets.flatMap(({ name }, index) => {
    const colour = COLOURS[index % COLOURS.length] ?? '';
    const x = right + LABEL_WIDTH + (index + 0.5) * LANE_WIDTH;
    const target = boxes[floorOf(rooms, name)];
    const incoming = skipping.filter(({ to }) => to === name);
    const entry = (target?.top ?? 0) + ENTRY_OFFSET;
    return [
      ...incoming.map(({ from, imports }) => {
        const y = stubY(boxes, rooms, skipping, from, name);
        return (
          `<text class="muted" x="${right + 8}" y="${y + 4}">${escape(name)} · ${imports}</text>` +
          `<path d="M${right + LABEL_WIDTH - 14} ${y}H${x}V${entry}" stroke="${colour}" fill="none" ` +
          `stroke-width="${strokeWidth(imports)}" stroke-linejoin="round"/>`
        );
      }),
      arrowInto(right, x, entry, colour, incoming),
    ];
  });

  const falls = passages
    .filter(({ from, to }) => floorOf(rooms, to) - floorOf(rooms, from) === 1)
    .map(({ from, imports }) => {
      const box = boxes[floorOf(rooms, from)];
      const y = (box?.top ?? 0) + (box?.height ?? 0);
      const x = MARGIN + BOX_WIDTH / 2;
      return (
        `<path class="down" d="M${x} ${y + 2}V${y + GAP - 10}" stroke-width="${strokeWidth(imports)}"/>` +
        `<path class="head" d="M${x - 8} ${y + GAP - 12}h16l-8 11z"/>` +
        `<text class="muted" x="${x + 16}" y="${y + GAP / 2 + 4}">${imports}</text>`
      );
    });

  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${summary}</title>`,
    `<desc>${escape(describe({ rooms, passages }))}</desc>`,
    `<style>${STYLE}\n</style>`,
    `<rect class="page" width="${width}" height="${height}" rx="8"/>`,
    `<text class="name" x="${MARGIN}" y="32">${summary}</text>`,
    `<text class="muted" x="${MARGIN}" y="51">An arrow is imports, and its number how many. Values flow down; nothing is imported from above.</text>`,
    ...rooms.flatMap((room, floor) => drawRoom(room, boxes[floor])),
    ...falls,
    ...lanes,
    '</svg>',
  ].join('\n')}\n`;
}

/**
 * @typedef {object} Box
 * @property {number} top
 * @property {number} height
 */

/**
 * @param {Room[]} rooms
 * @param {Passage[]} skipping
 * @returns {Box[]} of each room
 */
function placeBoxes(rooms, skipping) {
  let top = TITLE_HEIGHT;
  return rooms.map((room) => {
    const stubs = skipping.filter(({ from }) => from === room.name).length;
    const isEntered = skipping.some(({ to }) => to === room.name);
    const lines = 1 + packageLines(room.packages).length;
    const height = Math.max(
      BOX_PADDING * 2 + lines * LINE_HEIGHT - 4 + (room.folders.length > 0 ? CHIP_HEIGHT + 8 : 0),
      stubs * STUB_HEIGHT + (isEntered ? 2 * ENTRY_OFFSET : 10),
    );
    const box = { top, height };
    top += height + GAP;
    return box;
  });
}

/**
 * @param {Room} room
 * @param {Box | undefined} box
 * @returns {string[]}
 */
function drawRoom({ name, modules, looseModules, folders, packages }, box) {
  const { top, height } = box ?? { top: 0, height: 0 };
  const left = MARGIN + BOX_PADDING;
  const inner = BOX_WIDTH - 2 * BOX_PADDING;
  const count = `${modules} ${modules === 1 ? 'module' : 'modules'}`;
  const loose = folders.length > 0 ? `, ${looseModules} of them in no folder` : '';
  const chipWidth = (inner - (folders.length - 1) * CHIP_GAP) / Math.max(1, folders.length);
  const uses = packageLines(packages);
  const chipTop = top + BOX_PADDING + (1 + uses.length) * LINE_HEIGHT + 4;
  return [
    `<rect class="box" x="${MARGIN}" y="${top}" width="${BOX_WIDTH}" height="${height}" rx="6"/>`,
    `<text class="name" x="${left}" y="${top + BOX_PADDING + 12}">${escape(name)}</text>`,
    `<text class="muted" x="${left + inner}" y="${top + BOX_PADDING + 11}" text-anchor="end">${count}${loose}</text>`,
    ...uses.map(
      (line, index) =>
        `<text class="muted" x="${left}" y="${top + BOX_PADDING + (index + 1) * LINE_HEIGHT + 11}">${escape(line)}</text>`,
    ),
    ...folders.map((folder, index) => {
      const x = left + index * (chipWidth + CHIP_GAP);
      return (
        `<rect class="chip" x="${round(x)}" y="${chipTop}" width="${round(chipWidth)}" height="${CHIP_HEIGHT}" rx="4"/>` +
        `<text x="${round(x + chipWidth / 2)}" y="${chipTop + 19}" text-anchor="middle">${escape(folder.name)} · ${folder.modules}</text>`
      );
    }),
  ];
}

/**
 * @param {string[]} packages
 * @returns {string[]} lines of text; none without a package
 */
function packageLines(packages) {
  /** @type {string[]} */
  const lines = [];
  for (const [index, name] of packages.entries()) {
    const word = `${index === 0 ? 'uses ' : ''}${name}${index < packages.length - 1 ? ',' : ''}`;
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + word.length > LINE_LENGTH) {
      lines.push(word);
    } else {
      lines[lines.length - 1] = `${line} ${word}`;
    }
  }
  return lines;
}

/**
 * Where the arrow of one room to another leaves its box: below the arrow that comes in.
 *
 * @param {Box[]} boxes
 * @param {Room[]} rooms
 * @param {Passage[]} skipping
 * @param {string} from
 * @param {string} to
 */
function stubY(boxes, rooms, skipping, from, to) {
  const siblings = skipping
    .filter((passage) => passage.from === from)
    .toSorted((a, b) => floorOf(rooms, a.to) - floorOf(rooms, b.to));
  const place = siblings.findIndex((passage) => passage.to === to);
  const isEntered = skipping.some((passage) => passage.to === from);
  const { top } = boxes[floorOf(rooms, from)] ?? { top: 0 };
  return top + (isEntered ? 2 * ENTRY_OFFSET : 5) + place * STUB_HEIGHT + STUB_HEIGHT / 2;
}

/**
 * @param {number} right - edge of the boxes
 * @param {number} x - of the lane
 * @param {number} y
 * @param {string} colour
 * @param {Passage[]} incoming
 */
function arrowInto(right, x, y, colour, incoming) {
  const imports = incoming.reduce((sum, passage) => sum + passage.imports, 0);
  return (
    `<path d="M${x} ${y}H${right + 11}" stroke="${colour}" fill="none" stroke-width="${strokeWidth(imports)}"/>` +
    `<path d="M${right + 12} ${y - 7}v14l-11 -7z" fill="${colour}"/>`
  );
}

/**
 * The picture as text, for screen readers.
 *
 * @param {Plan} plan
 */
function describe({ rooms, passages }) {
  return rooms
    .map(({ name, modules }) => {
      const imports = passages
        .filter(({ from }) => from === name)
        .toSorted((a, b) => floorOf(rooms, a.to) - floorOf(rooms, b.to))
        .map((passage) => `${passage.to} (${passage.imports})`);
      return `${name}: ${modules}${imports.length > 0 ? `, imports ${imports.join(', ')}` : ''}.`;
    })
    .join(' ');
}

/**
 * @param {Room[]} rooms
 * @param {string} name
 */
function floorOf(rooms, name) {
  return rooms.findIndex((room) => room.name === name);
}

/** @param {number} imports */
function strokeWidth(imports) {
  return round(1 + Math.sqrt(imports) / 2);
}

/** @param {number} value */
function round(value) {
  return Math.round(value * 10) / 10;
}

/** @param {string} text */
function escape(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
