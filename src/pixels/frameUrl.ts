import type { FrameOptions } from './DecodedFrame.js';

/** The address behind the scheme of an imageId, changed as `retrieveOptions` say. */
export function frameUrl(imageId: string, { retrieveOptions }: FrameOptions): string {
  let url = imageId.slice(imageId.indexOf(':') + 1);
  const urlArguments = retrieveOptions?.['urlArguments'];
  if (typeof urlArguments === 'string' && urlArguments !== '') {
    url += `${url.includes('?') ? '&' : '?'}${urlArguments}`;
  }
  const framesPath = retrieveOptions?.['framesPath'];
  return typeof framesPath === 'string' ? url.replace('/frames/', framesPath) : url;
}
