import type { init } from '@cornerstonejs/dicom-image-loader';

type ImageLoaderOptions = NonNullable<Parameters<typeof init>[0]>;

/**
 * The hooks that OHIF gives dicom-image-loader: one that says, asynchronously, which headers each request
 * for a frame gets, and one that hears of requests that failed.
 */
export function ohifHooks(
  frameHeaders: Readonly<Record<string, string>>,
): Pick<ImageLoaderOptions, 'beforeSend' | 'errorInterceptor'> {
  return {
    beforeSend: async () => ({ ...frameHeaders }),
    errorInterceptor: () => {},
  };
}
