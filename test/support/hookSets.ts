import { internal } from '@cornerstonejs/dicom-image-loader';

type LoaderOptions = Parameters<typeof internal.setOptions>[0];

/** Hooks as an application passes them to dicom-image-loader's `init`. */
export interface HookSet {
  readonly name: string;
  readonly hooks: LoaderOptions;
  /** Whether frame workers fetch with them; otherwise a part of the reason. */
  readonly fallsBackFor?: string;
}

const nothing = (): void => undefined;

const upload = (xhr: XMLHttpRequest): void => {
  xhr.upload.addEventListener('progress', nothing);
};

/** No hooks, OHIF's hooks, one hook of each kind, and hooks that need a real XMLHttpRequest. */
export const HOOK_SETS: readonly HookSet[] = [
  { name: 'no hooks', hooks: {} },
  {
    name: "OHIF's hooks",
    hooks: {
      beforeSend: async () => ({
        Authorization: 'Bearer token',
        Accept: 'multipart/related; type="application/octet-stream"',
      }),
      errorInterceptor: nothing,
    },
  },
  {
    name: 'beforeSend that sets everything itself',
    hooks: {
      beforeSend: (xhr, _imageId, headers) => {
        xhr.setRequestHeader('X-Application', 'yes');
        headers['X-Other'] = 'yes';
        xhr.timeout = 60_000;
        xhr.responseType = 'arraybuffer';
        xhr.overrideMimeType('application/octet-stream');
        Object.assign(xhr, { startedAt: performance.now() });
      },
    },
  },
  {
    name: 'beforeSend that listens',
    hooks: {
      beforeSend: (xhr) => {
        xhr.addEventListener('progress', nothing);
        xhr.addEventListener('loadend', nothing, { once: true });
        Object.assign(xhr, { onload: nothing });
      },
    },
  },
  {
    name: 'open',
    hooks: {
      open: (xhr, url) => {
        xhr.open('GET', url, true);
        xhr.setRequestHeader('X-Application', 'yes');
      },
    },
  },
  {
    name: 'beforeProcessing',
    hooks: { beforeProcessing: (xhr) => Promise.resolve((xhr.response as ArrayBuffer).slice(0)) },
  },
  { name: 'errorInterceptor', hooks: { errorInterceptor: nothing } },
  { name: 'onloadstart', hooks: { onloadstart: nothing } },
  { name: 'onloadend', hooks: { onloadend: nothing } },
  { name: 'onprogress', hooks: { onprogress: nothing } },
  { name: 'onreadystatechange', hooks: { onreadystatechange: nothing } },
  { name: 'a look at the upload', hooks: { beforeSend: upload }, fallsBackFor: 'upload' },
  {
    name: 'a look at the upload behind a wait',
    hooks: {
      beforeSend: async (xhr) => {
        xhr.setRequestHeader('X-Application', 'yes');
        await Promise.resolve();
        upload(xhr);
        return { 'X-Late': 'too' };
      },
    },
    fallsBackFor: 'upload',
  },
  {
    name: 'a method in the place of another',
    hooks: {
      beforeSend: (xhr) => {
        const send = xhr.send.bind(xhr);
        xhr.send = (body) => {
          send(body);
        };
      },
    },
    fallsBackFor: 'send',
  },
  {
    name: 'a method that is defined anew',
    hooks: {
      beforeSend: (xhr) => {
        Object.defineProperty(xhr, 'send', {
          value: () => {
            XMLHttpRequest.prototype.send.call(xhr);
          },
        });
      },
    },
    fallsBackFor: 'send',
  },
  {
    name: 'a call of a method of the prototype',
    hooks: {
      beforeSend: (xhr) => {
        XMLHttpRequest.prototype.setRequestHeader.call(xhr, 'X-Application', 'yes');
      },
    },
    fallsBackFor: 'nothing but an XMLHttpRequest',
  },
  {
    name: 'open with a password',
    hooks: {
      open: (xhr, url) => {
        xhr.open('GET', url, true, 'user', 'password');
      },
    },
    fallsBackFor: 'open',
  },
];

/**
 * Sets hooks in dicom-image-loader's options.
 *
 * @returns restores the earlier hooks
 */
export function setHooks(hooks: LoaderOptions): () => void {
  const before = { ...internal.getOptions() };
  internal.setOptions(hooks);
  return () => {
    const added = Object.keys(internal.getOptions()).map((name) => [name, undefined]);
    internal.setOptions({ ...(Object.fromEntries(added) as LoaderOptions), ...before });
  };
}
