/**
 * Keeps the public interface in review: test/interface/ has a report for each entry of package.json, with the
 * declarations of all that it exports and of the types that these need. A change of the interface changes a report; a
 * change of a comment does not, except for `@deprecated`.
 *
 *   npm run api            writes the reports
 *   npm run api:check      writes nothing; prints the differences and fails when they are stale
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Of the reports, in the package. */
const REPORTS = 'test/interface';
/** Of the declarations and of the reports that they give, in the package. */
const WORK = '.cache/api';
/** Of the declarations in `dist/`, which package.json names. */
const BUILT_TYPES = 'dist/types';

/**
 * A report that is not what the sources give.
 *
 * @typedef {object} Difference
 * @property {string} file from the root of the package
 * @property {string} diff from the report to what the sources give, as git prints it
 */

/**
 * Writes the reports of a package from its sources, as `tsconfig.build.json` has them.
 *
 * @param {string} root of the package, absolute
 * @returns {string[]} the files that were written, from the root
 * @throws {Error} when the sources have an error of TypeScript
 */
export function writeApiReports(root) {
  const reports = makeReports(root);
  rmSync(path.join(root, REPORTS), { recursive: true, force: true });
  mkdirSync(path.join(root, REPORTS), { recursive: true });
  return reports.map(({ name, text }) => {
    writeFileSync(path.join(root, REPORTS, name), text);
    return `${REPORTS}/${name}`;
  });
}

/**
 * Compares the reports of a package with its sources.
 *
 * @param {string} root of the package, absolute
 * @returns {Difference[]} empty when all reports are right
 * @throws {Error} when the sources have an error of TypeScript
 */
export function findApiDifferences(root) {
  return makeReports(root)
    .filter(({ name, text }) => readIfThere(path.join(root, REPORTS, name)) !== text)
    .map(({ name, made }) => {
      const file = path.join(root, REPORTS, name);
      const before = existsSync(file) ? path.relative(root, file) : '/dev/null';
      return { file: `${REPORTS}/${name}`, diff: diffOf(root, before, path.relative(root, made)) };
    });
}

/**
 * @param {string} root
 * @returns {{ name: string, text: string, made: string }[]} for each entry; `made` is the file with the text
 */
function makeReports(root) {
  const work = path.join(root, WORK);
  rmSync(work, { recursive: true, force: true });
  const types = path.join(work, 'types');
  emitDeclarations(root, types);
  const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  return Object.entries(manifest.exports)
    .filter(([, target]) => target.types !== undefined)
    .map(([entry, target]) => {
      // `.` is named for the package, `./ohif` for itself.
      const name = `${entry === '.' ? manifest.name : entry.slice('./'.length)}.api.md`;
      const declarations = path.join(types, path.relative(BUILT_TYPES, target.types));
      const made = extractReport(root, { declarations, name });
      return { name, text: readFileSync(made, 'utf8'), made };
    });
}

/**
 * @param {string} root
 * @param {string} folder
 */
function emitDeclarations(root, folder) {
  const compiler = createRequire(import.meta.url).resolve('typescript/lib/tsc.js');
  const { status, stdout } = spawnSync(
    process.execPath,
    [
      compiler,
      '--project',
      'tsconfig.build.json',
      '--emitDeclarationOnly',
      '--declarationDir',
      folder,
      '--declarationMap',
      'false',
      // Without members for this package alone, and the types that only they need.
      '--stripInternal',
    ],
    { cwd: root, encoding: 'utf8' },
  );
  if (status !== 0) {
    throw new Error(`The declarations cannot be written:\n${stdout}`);
  }
}

/**
 * @param {string} root
 * @param {{ declarations: string, name: string }} entry
 * @returns {string} the file with the report
 */
function extractReport(root, { declarations, name }) {
  const reports = path.join(root, WORK, 'reports');
  mkdirSync(reports, { recursive: true });
  const silent = { default: { logLevel: ExtractorLogLevel.None } };
  const config = ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: path.join(root, 'package.json'),
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: declarations,
      newlineKind: 'lf',
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: 'ES2022',
            module: 'ESNext',
            moduleResolution: 'Bundler',
            lib: ['ES2023', 'DOM', 'DOM.Iterable'],
            types: [],
            strict: true,
            skipLibCheck: true,
          },
          files: [declarations],
        },
      },
      apiReport: {
        enabled: true,
        reportFileName: name,
        reportFolder: reports,
        reportTempFolder: path.join(root, WORK, 'made'),
        // Also the types that are not exported themselves, and show in what is.
        includeForgottenExports: true,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
        extractorMessageReporting: silent,
        tsdocMessageReporting: silent,
      },
    },
  });
  /** @type {string[]} */
  const errors = [];
  const { succeeded } = Extractor.invoke(config, {
    // Writes the report; otherwise it only compares it.
    localBuild: true,
    messageCallback: (message) => {
      if (message.logLevel === ExtractorLogLevel.Error) {
        errors.push(message.text);
      }
      message.handled = true;
    },
  });
  if (!succeeded) {
    throw new Error(`The report ${name} cannot be made:\n${errors.join('\n')}`);
  }
  return path.join(reports, name);
}

/** @param {string} file */
function readIfThere(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/**
 * @param {string} cwd
 * @param {string} before
 * @param {string} after
 */
function diffOf(cwd, before, after) {
  const args = ['diff', '--no-index', '--no-color', '--no-ext-diff', '--', before, after];
  const { error, stdout } = spawnSync('git', args, { cwd, encoding: 'utf8' });
  if (error) {
    throw new Error(`git cannot compare ${before} with ${after}`, { cause: error });
  }
  return stdout;
}

function main() {
  const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
  if (!values.check) {
    process.stdout.write(`Written: ${writeApiReports(ROOT).join(', ')}\n`);
    return;
  }
  const differences = findApiDifferences(ROOT);
  for (const { file, diff } of differences) {
    process.stderr.write(
      `${file} is not what src/ exports. If that is meant, write it with "npm run api" and commit it, with a line in CHANGELOG.md:\n${diff}\n`,
    );
  }
  process.exitCode = differences.length > 0 ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    main();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
