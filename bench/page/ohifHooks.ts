import type { init } from '@cornerstonejs/dicom-image-loader';

type ImageLoaderOptions = NonNullable<Parameters<typeof init>[0]>;

/**
 * The hooks that OHIF passes to dicom-image-loader: one returns the headers of each request asynchronously,
 * one is called for failed requests.
 */
export function ohifHooks(
  frameHeaders: Readonly<Record<string, string>>,
): Pick<ImageLoaderOptions, 'beforeSend' | 'errorInterceptor'> {
  return {
    beforeSend: async () => ({ ...frameHeaders }),
    errorInterceptor: () => {},
  };
}
