import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/**
 * A page must have one copy of Cornerstone3D and vtk.js: OHIF's. The bundler of a site that builds the
 * extension into OHIF does that. Here OHIF is prebuilt: the imports of the extension are extracted from the
 * bundle, whose comments name the modules.
 *
 * By the specifier that this package imports: the file name in the bundle, and how the exports, whose names
 * the bundler may have shortened, are found in the module.
 *
 * @type {Record<string, { file: string, exports: string }>}
 */
const MODULES = {
  '@cornerstonejs/core': { file: '@cornerstonejs/core/dist/esm/index.js', exports: 'module' },
  // Its default export has all other exports as members.
  '@cornerstonejs/dicom-image-loader': {
    file: '@cornerstonejs/dicom-image-loader/dist/esm/index.js',
    exports: 'find(module, (value) => value.wadors && value.internal)',
  },
  '@kitware/vtk.js/macros.js': {
    file: '@kitware/vtk.js/macros.js',
    exports: '{ default: find(module, (value) => value.obj && value.newInstance && value.setGet) }',
  },
  '@kitware/vtk.js/Common/DataModel/ImageData.js': {
    file: '@kitware/vtk.js/Common/DataModel/ImageData.js',
    exports: '{ default: find(module, (value) => value.newInstance && value.extend) }',
  },
  '@kitware/vtk.js/Rendering/OpenGL/Texture.js': {
    file: '@kitware/vtk.js/Rendering/OpenGL/Texture.js',
    exports: '{ default: find(module, (value) => value.newInstance && value.extend) }',
  },
  'dicom-parser': { file: 'dicom-parser/dist/dicomParser.min.js', exports: 'module' },
};

/**
 * OHIF's bundle has only parts of these packages, or none in its first script. To load frames of a DICOMweb
 * server the extension needs only the names of metadata modules.
 */
const PARTS = {
  '@cornerstonejs/metadata': "{ Enums: modules['@cornerstonejs/core'].Enums }",
};

/** Packages of which the page has a copy of its own, by the file that is one script. */
const COPIES = {
  '@cornerstonejs/calculate-suv':
    '@cornerstonejs/calculate-suv/dist/calculate-suv.cjs.production.min.js',
  'gl-matrix': 'gl-matrix/gl-matrix-min.js',
};

/**
 * The source of an ES module whose export `modules` has OHIF's copies of the modules that this package
 * imports, by their specifiers.
 *
 * @param {string} application folder of OHIF
 * @returns {string}
 * @throws {Error} when the bundle has none of that name, or several
 */
export function ohifModulesSource(application) {
  const script = readdirSync(application).find((file) => /^app\.bundle\.\w+\.js$/.test(file));
  const bundle = readFileSync(path.join(application, script ?? ''), 'utf8');
  // The bundler has left out what OHIF does not call. A copy of functions without state does no harm.
  const copies = Object.entries(COPIES).map(([specifier, file]) => {
    const source = readFileSync(createRequire(import.meta.url).resolve(file), 'utf8');
    const made = `((exports, module) => {\n${source}\nreturn exports;\n})({}, {});`;
    return `modules['${specifier}'] = ${made}`;
  });
  const lines = Object.entries(MODULES).map(([specifier, { file, exports }]) => {
    const id = findModuleId(bundle, file);
    return `  const module = require(${id});\n  modules['${specifier}'] = ${exports};`;
  });
  return [
    'export const modules = {};',
    'const find = (module, fits) =>',
    "  Object.values(module).find((value) => value && typeof value === 'object' && fits(value));",
    // The pushed value is treated as a chunk: its function is called with the bundle's require.
    "const require = await new Promise((resolve) => rspackChunk.push([['ext'], {}, resolve]));",
    ...lines.map((line) => `{\n${line}\n}`),
    ...copies,
    ...Object.entries(PARTS).map(([specifier, part]) => `modules['${specifier}'] = ${part};`),
    '',
  ].join('\n');
}

/**
 * @param {string} bundle
 * @param {string} file
 */
function findModuleId(bundle, file) {
  const comment = `node_modules/${file.replaceAll('.', '\\.')}(?: \\+ \\d+ modules)?`;
  const pattern = new RegExp(
    `EXTERNAL MODULE: \\S*${comment}\\n\\w+ \\w+ = __webpack_require__\\((\\d+)\\)`,
    'g',
  );
  const ids = new Set([...bundle.matchAll(pattern)].map(([, id]) => id));
  if (ids.size !== 1) {
    throw new Error(`Expected one module ${file} in the bundle of OHIF, got ${ids.size}`);
  }
  return [...ids][0];
}

const IMPORT = /^(import\s.*?from\s*|import\s*)(["'])([^."'/][^"']*)\2;?$/gm;

/**
 * A script of this package whose imports of other packages are replaced by the modules of the page.
 *
 * @param {string} script
 * @param {string} modulesUrl of the result of {@link ohifModulesSource}
 */
export function takeOhifModules(script, modulesUrl) {
  let count = 0;
  const body = script.replace(IMPORT, (_, clause, _quote, specifier) => {
    const name = `__module${count++}`;
    const found = `const ${name} = modulesOfOhif['${specifier}'] ?? unknownImport('${specifier}');`;
    const named = /\{([^}]*)\}/.exec(clause)?.[1] ?? '';
    const rest = clause
      .replace(/\{[^}]*\}/, '')
      .replace(/^import|from\s*$/g, '')
      .replaceAll(',', ' ');
    const bindings = named
      .split(',')
      .map((each) => each.trim().split(/\s+as\s+/))
      .filter(([imported]) => imported)
      .map(([imported, local = imported]) => `const ${local} = ${member(name, imported)};`);
    const [, namespace] = /\*\s*as\s+(\w+)/.exec(rest) ?? [];
    const [defaultName] = namespace ? [] : rest.trim().split(/\s+/).filter(Boolean);
    if (namespace) bindings.push(`const ${namespace} = ${name};`);
    if (defaultName) bindings.push(`const ${defaultName} = ${member(name, 'default')};`);
    return [found, ...bindings].join(' ');
  });
  // A worker script has no such imports; the modules exist only in a page.
  if (count === 0) return script;
  return [
    `import { modules as modulesOfOhif } from '${modulesUrl}';`,
    'const unknownImport = (name) => { throw new Error(`OHIF has no ${name} for the extension`); };',
    body,
  ].join('\n');
}

/**
 * @param {string} module
 * @param {string | undefined} name
 */
function member(module, name) {
  // The default export of a CommonJS module is the module itself.
  return name === 'default' ? `(${module}.default ?? ${module})` : `${module}.${name}`;
}
