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
    Object.entries(OWN_FUNCTIONS).every(([name, own]) => own.test(sourceOf(options[name])))
  );
}

function sourceOf(hook: unknown): string {
  return typeof hook === 'function'
    ? Function.prototype.toString.call(hook).replaceAll(/[\s;]/g, '')
    : '';
}
