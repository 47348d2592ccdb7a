import path from 'node:path';
import ts from 'typescript';

/** What a strict application has in its tsconfig.json. */
const OPTIONS = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  types: [],
  jsx: ts.JsxEmit.ReactJSX,
  strict: true,
  noUncheckedIndexedAccess: true,
  noEmit: true,
};

/**
 * Compiles code blocks in an application, and the declarations of a package in it.
 *
 * As applications do (`skipLibCheck`), the declarations of packages are not checked, except those of
 * `packageName`.
 *
 * @param {string} folder - of the application; not changed
 * @param {import('./codeBlocks.mjs').CodeBlock[]} blocks
 * @param {string} [packageName] - its declarations are compiled as strictly, as far as the blocks import them
 * @returns {string[]} what is wrong, with file and line
 */
export function checkCodeBlocks(folder, blocks, packageName) {
  const modules = new Map(
    blocks.map((block) => {
      const name = `${block.file.replaceAll(/[^\w.]/g, '_')}_${block.line}${block.extension}`;
      return [path.join(folder, name), block];
    }),
  );
  const disk = ts.createCompilerHost(OPTIONS);
  /** @param {string} name */
  const sourceOf = (name) => {
    const block = modules.get(path.normalize(name));
    // A block without an import or export would share its names with other blocks.
    return block && `${block.source}\nexport {};\n`;
  };
  /** @type {ts.CompilerHost} */
  const host = {
    ...disk,
    getCurrentDirectory: () => folder,
    fileExists: (name) => sourceOf(name) !== undefined || disk.fileExists(name),
    readFile: (name) => sourceOf(name) ?? disk.readFile(name),
    getSourceFile: (name, languageVersion, ...rest) => {
      const source = sourceOf(name);
      return source === undefined
        ? disk.getSourceFile(name, languageVersion, ...rest)
        : ts.createSourceFile(name, source, languageVersion, true);
    },
  };
  const program = ts.createProgram([...modules.keys()], OPTIONS, host);
  const checked = program.getSourceFiles().filter(({ fileName }) => {
    const isOfPackage = packageName && fileName.includes(`/node_modules/${packageName}/`);
    return isOfPackage || modules.has(path.normalize(fileName));
  });
  const diagnostics = [
    ...program.getOptionsDiagnostics(),
    ...checked.flatMap((file) => [
      ...program.getSyntacticDiagnostics(file),
      ...program.getSemanticDiagnostics(file),
    ]),
  ];
  return diagnostics.map(({ file, start = 0, code, messageText }) => {
    const message = `TS${code} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
    if (!file) {
      return message;
    }
    const { line, character } = file.getLineAndCharacterOfPosition(start);
    const name = modules.get(path.normalize(file.fileName))?.file ?? file.fileName;
    return `${name}:${line + 1}:${character + 1}: ${message}`;
  });
}
