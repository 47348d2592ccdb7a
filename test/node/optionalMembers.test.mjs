/** The types of options, in an application with `exactOptionalPropertyTypes`. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const APPLICATION = path.join(ROOT, 'src/application.ts');
const ENTRIES = ['src/index.ts', 'src/ohif/index.ts'].map((file) => path.join(ROOT, file));
/** How types are called whose objects applications write. */
const WRITTEN = /(Options|Limits|Address|Service|Details|Registration)$/;

/**
 * What TypeScript finds in a module beside the sources.
 *
 * @param {string} source
 */
function compile(source) {
  const { config } = ts.readConfigFile(path.join(ROOT, 'tsconfig.json'), (file) =>
    ts.sys.readFile(file),
  );
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const strict = { ...options, exactOptionalPropertyTypes: true, noUnusedLocals: false };
  const disk = ts.createCompilerHost(strict);
  /** @type {ts.CompilerHost} */
  const host = {
    ...disk,
    fileExists: (name) => name === APPLICATION || disk.fileExists(name),
    getSourceFile: (name, version, ...rest) =>
      name === APPLICATION
        ? ts.createSourceFile(name, source, version, true)
        : disk.getSourceFile(name, version, ...rest),
  };
  const program = ts.createProgram([APPLICATION, ...ENTRIES], strict, host);
  const checker = program.getTypeChecker();
  const exported = ENTRIES.map((entry) => {
    const file = program.getSourceFile(entry);
    const module = file && checker.getSymbolAtLocation(file);
    return module ? checker.getExportsOfModule(module).map(({ name }) => name) : [];
  });
  const diagnostics = program.getSemanticDiagnostics(program.getSourceFile(APPLICATION));
  return {
    exported,
    messages: diagnostics.map(({ messageText }) =>
      ts.flattenDiagnosticMessageText(messageText, '\n'),
    ),
  };
}

test('options take undefined for each member that may be left out', () => {
  const { exported } = compile('export {};');
  const names = exported.flatMap((ofEntry, entry) =>
    ofEntry.filter((name) => WRITTEN.test(name)).map((name) => `entry${entry}.${name}`),
  );
  assert.ok(names.includes('entry0.CreateVolumeOptions'), names.join());
  assert.ok(names.includes('entry1.OhifOptions'), names.join());
  const { messages } = compile(`
    import type * as entry0 from './index.js';
    import type * as entry1 from './ohif/index.js';
    type Optional<T> = { [Name in keyof T as object extends Pick<T, Name> ? Name : never]: undefined };
    ${names
      .map(
        (name, at) => `
    declare const given${at}: Optional<${name}>;
    export const taken${at}: Partial<${name}> = given${at};`,
      )
      .join('')}
  `);
  assert.deepEqual(messages, []);
});
