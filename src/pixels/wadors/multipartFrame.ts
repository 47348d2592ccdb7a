import { StreamingVolumeError } from '../../base/errors.js';
import { namedSyntax, parseMediaType } from './mediaType.js';
import type { MediaType } from './mediaType.js';
import { findClosingDelimiter, findDelimiterLine, isDelimiterAt } from './multipartDelimiter.js';
import { readPartHeaders } from './multipartHeaders.js';

/** One frame cut out of a response. */
export interface FrameBody {
  /** A view of the response; nothing is copied. */
  readonly bytes: Uint8Array;
  /**
   * Content-Type of the part, or of the whole response when that is not multipart. What the part does not
   * say is taken from the response.
   */
  readonly contentType: string;
}

/** What is no frame of pixels (PS3.18 8.7.3): pages, headers, whole files, pictures for the screen. */
const NO_FRAME =
  /^(text\/.*|application\/(dicom|json|xml|pdf|xhtml\+xml|.+\+json|.+\+xml)|image\/(png|gif|webp|bmp|svg\+xml))$/;

const OCTETS = 'application/octet-stream';

/**
 * Cuts the first frame out of a `multipart/related` response (RFC 2046 5.1, RFC 2387, PS3.18 8.6.1.2.1).
 *
 * The boundary is that of the response's header, or else what the body begins with. Only the headers at the
 * start and the delimiter at the end are looked at: the length comes from the part's Content-Length, from
 * `nativeLength`, or from the last delimiter, never from a search through the pixels. A line may end in LF
 * alone; where only the delimiter tells the length, a CR before it belongs to it unless the part's own lines
 * end in LF. A response of a single part (PS3.18 8.6.1.2.2) is taken as it is.
 *
 * @param nativeLength - bytes that the frame has when it is not compressed
 * @throws StreamingVolumeError with code `frame-body` for a body that is cut off or is not a frame
 */
export function readFrameBody(
  response: Uint8Array,
  contentType: string,
  nativeLength: number,
  imageId: string,
): FrameBody {
  const fail = (what: string): never => {
    throw new StreamingVolumeError('frame-body', `${what} (${imageId})`, { imageIds: [imageId] });
  };
  if (response.length === 0) {
    return fail('The response of a frame is empty');
  }
  const type = parseMediaType(contentType);
  if (!type.essence.startsWith('multipart/')) {
    return NO_FRAME.test(type.essence)
      ? fail(`The response of a frame is ${contentType}`)
      : { bytes: response, contentType };
  }
  let line = findDelimiterLine(response, type.parameters.get('boundary'), 0);
  while (line) {
    const { delimiter } = line;
    const headers = readPartHeaders(response, line.end);
    if (!headers) {
      return fail('A multipart response has no part headers');
    }
    const ownType = headers.fields.get('content-type') ?? '';
    const { essence } = parseMediaType(ownType);
    if (NO_FRAME.test(essence)) {
      line = findDelimiterLine(response, delimiter.slice(2), headers.end);
      if (line?.delimiter !== delimiter) {
        return fail(`The response of a frame is ${ownType}`);
      }
      continue;
    }
    const encoding = headers.fields.get('content-transfer-encoding') ?? 'binary';
    if (/^(base64|quoted-printable)$/i.test(encoding)) {
      return fail(`A part of a multipart response is encoded as ${encoding}`);
    }
    const declaredLength = Number.parseInt(headers.fields.get('content-length') ?? '', 10);
    const endsInLf = line.endsInLf && headers.endsInLf;
    const candidates = [declaredLength, nativeLength]
      .map((length) => headers.end + length)
      .filter((candidate) => candidate >= headers.end);
    // The line end of the other lines first: what a wrong length points to may look like half of it.
    const end =
      candidates.find((at) => isDelimiterAt(response, at, delimiter, endsInLf ? 'LF' : 'CRLF')) ??
      candidates.find((at) => isDelimiterAt(response, at, delimiter, 'any')) ??
      findClosingDelimiter(response, headers.end, delimiter, endsInLf);
    return end === undefined
      ? fail('A multipart response is cut off before its closing boundary')
      : { bytes: response.subarray(headers.end, end), contentType: typeOfPart(ownType, type) };
  }
  return fail('A multipart response does not begin with a boundary');
}

/** Some servers name media type and transfer syntax in the header of the whole response only. */
function typeOfPart(ownType: string, outer: MediaType): string {
  const own = parseMediaType(ownType);
  const inner = parseMediaType(outer.parameters.get('type') ?? '');
  const lacksType = own.essence === '' || own.essence === OCTETS;
  const essence = lacksType && inner.essence !== '' ? inner.essence : own.essence;
  const ownSyntax = namedSyntax(own);
  const syntax = ownSyntax ?? namedSyntax(outer) ?? namedSyntax(inner);
  if (essence === own.essence && syntax === ownSyntax) {
    return ownType;
  }
  return syntax === undefined ? essence : `${essence}; transfer-syntax=${syntax}`;
}
