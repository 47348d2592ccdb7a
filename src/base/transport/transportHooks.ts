import { getWebWorkerManager } from '@cornerstonejs/core';
import { internal } from '@cornerstonejs/dicom-image-loader';

/**
 * What one request of dicom-image-loader is made of; hooks get it from `open` on, and may settle the
 * request themselves (dicom-image-loader's `LoaderXhrRequestParams`).
 */
export interface RequestParams {
  url?: string;
  imageId?: string;
  deferred?: {
    readonly resolve: (body: unknown) => void;
    readonly reject: (reason: unknown) => void;
  };
}

/** Headers by name; those that are null are left out. */
export type HookHeaders = Record<string, string | null>;

/** The functions of dicom-image-loader's options that take part in a request. */
export interface TransportHooks {
  readonly open: (
    xhr: XMLHttpRequest,
    url: string,
    headers: HookHeaders,
    params: RequestParams,
  ) => void;
  readonly beforeSend: (
    xhr: XMLHttpRequest,
    imageId: string,
    headers: HookHeaders,
    params: RequestParams,
  ) => unknown;
  readonly beforeProcessing: (xhr: XMLHttpRequest) => Promise<unknown>;
  readonly errorInterceptor?: (error: Error) => void;
  readonly onloadstart?: (event: Event, params: RequestParams) => void;
  readonly onloadend?: (event: Event, params: RequestParams) => void;
  readonly onreadystatechange?: (event: Event, params: RequestParams) => void;
  readonly onprogress?: (event: Event, params: RequestParams) => void;
}

const HOOK_NAMES = [
  'open',
  'beforeSend',
  'beforeProcessing',
  'errorInterceptor',
  'onloadstart',
  'onloadend',
  'onreadystatechange',
  'onprogress',
] as const satisfies readonly (keyof TransportHooks)[];

export type HookName = (typeof HOOK_NAMES)[number];

/** The hooks that are set now, in the one object of options that dicom-image-loader has. */
export function transportHooks(): TransportHooks {
  return internal.getOptions() as unknown as TransportHooks;
}

/**
 * dicom-image-loader's own functions, as this copy of it has them before `init`. Undefined where `init`
 * came first: what is set then may be an application's.
 */
const ownFunctions: Partial<TransportHooks> | undefined = isLoaderInitialised()
  ? undefined
  : { ...transportHooks() };

/** `init` registers the decode workers in Cornerstone's worker manager. */
function isLoaderInitialised(): boolean {
  // No requests are made in Node, and the import alone would make Cornerstone's manager. A page in
  // Electron or NW.js has Node's `process` too.
  if (!('XMLHttpRequest' in globalThis)) {
    return false;
  }
  const { workerRegistry } = getWebWorkerManager() as unknown as {
    workerRegistry: Readonly<Record<string, unknown>>;
  };
  return 'dicomImageLoader' in workerRegistry;
}

/**
 * The hooks that are an application's, or may be: every function that is known not to be one is left
 * out.
 */
export function applicationHooks(own = ownFunctions): HookName[] {
  const hooks = transportHooks();
  return HOOK_NAMES.filter(
    (name) => typeof hooks[name] === 'function' && hooks[name] !== own?.[name],
  );
}
