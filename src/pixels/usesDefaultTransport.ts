import { internal } from '@cornerstonejs/dicom-image-loader';

const HOOKS = [
  'errorInterceptor',
  'onloadstart',
  'onloadend',
  'onreadystatechange',
  'onprogress',
] as const;

/**
 * What dicom-image-loader's own functions are, blanks and semicolons left out: the one opens a GET, the
 * second does nothing, the third gives the body. Also as a minifier writes them.
 */
const OWN_FUNCTIONS = {
  open: /^(?:open|function)?\(([\w$]+),([\w$]+)\)(?:=>)?\{\1\.open\((['"`])get\3,\2,(?:true|!0)\)\}$/i,
  beforeSend: /^(?:async)?(?:beforeSend|function)?\(\)(?:=>)?\{\}$/,
  beforeProcessing:
    /^(?:beforeProcessing|function)?\(([\w$]+)\)(?:=>)?\{returnPromise\.resolve\(\1\.response\)\}$/,
} as const;

/**
 * Whether requests go out as dicom-image-loader makes them by itself: no hook of the application wants
 * to see the XMLHttpRequest, to add headers or to read the body first.
 *
 * dicom-image-loader does not tell its own functions from an application's, which may have been set
 * before this module was there. So the functions are read: one that does just what the default does may
 * be left out, whoever wrote it. One that cannot be read is taken for a hook.
 */
export function usesDefaultTransport(): boolean {
  const options = internal.getOptions() as Readonly<Record<string, unknown>>;
  return (
    HOOKS.every((name) => !options[name]) &&
    OWN_NAMES.every((name) => isOwnFunction(name, options[name]))
  );
}

type OwnName = keyof typeof OWN_FUNCTIONS;

const OWN_NAMES = Object.keys(OWN_FUNCTIONS) as OwnName[];
/** What was read before: it is asked for each frame. */
const readFunctions: Record<OwnName, WeakMap<object, boolean>> = {
  open: new WeakMap(),
  beforeSend: new WeakMap(),
  beforeProcessing: new WeakMap(),
};

function isOwnFunction(name: OwnName, hook: unknown): boolean {
  if (typeof hook !== 'function') {
    return false;
  }
  const read = readFunctions[name];
  const isOwn = read.get(hook) ?? OWN_FUNCTIONS[name].test(sourceOf(hook));
  read.set(hook, isOwn);
  return isOwn;
}

function sourceOf(hook: object): string {
  return Function.prototype.toString.call(hook).replaceAll(/[\s;]/g, '');
}
