import path from 'node:path';
import ts from 'typescript';

/** The module in the root of src/ that applications import; a room of its own in the picture. */
const ENTRY = 'index.ts';

/**
 * A folder inside of a room.
 *
 * @typedef {object} Folder
 * @property {string} name
 * @property {number} modules
 */

/**
 * A top folder of src/, or the entry.
 *
 * @typedef {object} Room
 * @property {string} name - `index.ts` or the folder's name
 * @property {number} modules - in all of its folders
 * @property {number} looseModules - in the room itself
 * @property {Folder[]} folders - by name
 * @property {string[]} packages - npm packages that it imports, by name
 */

/**
 * The imports between two rooms.
 *
 * @typedef {object} Passage
 * @property {string} from
 * @property {string} to
 * @property {number} imports - number of import and re-export statements
 */

/**
 * @typedef {object} Plan
 * @property {Room[]} rooms - each before the rooms that it imports
 * @property {Passage[]} passages
 */

/**
 * Reads the rooms and the imports between them from the modules themselves.
 *
 * @param {Map<string, string>} sources - text by path from src/, with `/` between folders
 * @returns {Plan}
 * @throws {Error} when rooms import each other in a circle, or a module in the root is not the entry
 */
export function readRooms(sources) {
  /** @type {Map<string, { loose: number; folders: Map<string, number>; packages: Set<string> }>} */
  const rooms = new Map();
  /** @type {Map<string, Passage>} */
  const passages = new Map();
  for (const [file, text] of sources) {
    const from = roomOf(file);
    const room = rooms.get(from) ?? { loose: 0, folders: new Map(), packages: new Set() };
    rooms.set(from, room);
    const folder = file.split('/').slice(1, -1).join('/');
    if (folder === '') {
      room.loose += 1;
    } else {
      room.folders.set(folder, (room.folders.get(folder) ?? 0) + 1);
    }
    for (const { fileName } of ts.preProcessFile(text, true, true).importedFiles) {
      if (!fileName.startsWith('.')) {
        room.packages.add(packageOf(fileName));
        continue;
      }
      const to = roomOf(
        path.posix.join(path.posix.dirname(file), fileName.replace(/\.js$/, '.ts')),
      );
      if (to !== from) {
        const passage = passages.get(`${from} ${to}`) ?? { from, to, imports: 0 };
        passages.set(`${from} ${to}`, { ...passage, imports: passage.imports + 1 });
      }
    }
  }
  return {
    rooms: topDown([...rooms.keys()], [...passages.values()]).map((name) => {
      const { loose, folders, packages } =
        /** @type {NonNullable<ReturnType<typeof rooms.get>>} */ (rooms.get(name));
      const inFolders = [...folders.values()].reduce((sum, count) => sum + count, 0);
      return {
        name,
        modules: loose + inFolders,
        looseModules: loose,
        folders: [...folders]
          .map(([folder, modules]) => ({ name: folder, modules }))
          .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
        packages: [...packages].toSorted(),
      };
    }),
    passages: [...passages.values()],
  };
}

/** @param {string} file - path from src/ */
function roomOf(file) {
  const [first = '', ...rest] = file.split('/');
  if (rest.length === 0 && first !== ENTRY) {
    throw new Error(`Expected src/ to have no module but ${ENTRY}, found ${first}`);
  }
  return first;
}

/** @param {string} specifier */
function packageOf(specifier) {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/**
 * Orders rooms so that each comes before the rooms that it imports, by name where both orders would do.
 *
 * @param {string[]} names
 * @param {Passage[]} passages
 */
function topDown(names, passages) {
  /** @type {string[]} */
  const ordered = [];
  let left = names.toSorted();
  while (left.length > 0) {
    const next = left.find(
      (name) => !passages.some(({ from, to }) => to === name && left.includes(from)),
    );
    if (next === undefined) {
      throw new Error(`The rooms ${left.join(', ')} import each other in a circle`);
    }
    ordered.push(next);
    left = left.filter((name) => name !== next);
  }
  return ordered;
}
