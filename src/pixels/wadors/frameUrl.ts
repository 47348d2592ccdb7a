import type { FrameOptions } from '../DecodedFrame.js';

/**
 * The address behind the scheme of an imageId, changed as `retrieveOptions` say, and else as it is
 * written.
 */
export function frameUrl(imageId: string, { retrieveOptions }: FrameOptions): string {
  let url = imageId.slice(imageId.indexOf(':') + 1);
  const urlArguments = retrieveOptions?.['urlArguments'];
  if (typeof urlArguments === 'string' && urlArguments !== '') {
    // What stands behind the # is not sent.
    const end = /#|$/.exec(url)?.index ?? url.length;
    const sent = url.slice(0, end);
    url = `${sent}${sent.includes('?') ? '&' : '?'}${urlArguments}${url.slice(end)}`;
  }
  const framesPath = retrieveOptions?.['framesPath'];
  return typeof framesPath === 'string' ? url.replace('/frames/', () => framesPath) : url;
}
