import { wadors, wadouri } from '@cornerstonejs/dicom-image-loader';
import { encodePart10 } from '../encodePart10.js';
import type { TestElement } from '../encodePart10.js';
import { text } from '../imageElements.js';
import { karmaFixtures } from '../karmaFixtures.js';
import { toJson } from '../openSeries.js';
import { multipartBody } from '../servedSeries.js';
import type { Syntax } from './cells.mjs';
import { encodeFrame, encodePixelData, swapped } from './encode.js';
import type { StoredFrame } from './frames.js';

/** An image of one frame or more. */
export interface KindInstance {
  /** Without pixel data, in the order of their tags. */
  readonly elements: readonly TestElement[];
  readonly frames: readonly StoredFrame[];
}

/** An image that is encoded in a transfer syntax. */
interface EncodedInstance extends KindInstance {
  /** As in the responses for its frames. */
  readonly bodies: readonly Uint8Array[];
  readonly file: Uint8Array<ArrayBuffer>;
}

/** A series in a transfer syntax, ready for any scheme. */
export interface EncodedSeries {
  readonly syntax: Syntax;
  readonly instances: readonly EncodedInstance[];
}

/** Encodes a series for all schemes. */
export async function encodeSeries(
  instances: readonly KindInstance[],
  syntax: Syntax,
): Promise<EncodedSeries> {
  return {
    syntax,
    instances: await Promise.all(
      instances.map(async (instance) => ({
        ...instance,
        bodies: await Promise.all(instance.frames.map((frame) => encodeFrame(frame, syntax))),
        file: await encodeFile(instance, syntax),
      })),
    ),
  };
}

/** How elements are encoded where a transfer syntax has no compression. */
const ELEMENTS = {
  implicit: 'implicit',
  bigEndian: 'big-endian',
  deflated: 'deflated',
} as const;

async function encodeFile(
  { elements, frames }: KindInstance,
  syntax: Syntax,
): Promise<Uint8Array<ArrayBuffer>> {
  const encoding = ELEMENTS[syntax.id as keyof typeof ELEMENTS] ?? 'explicit';
  const own = syntax.id === 'bigEndian' ? elements.map(withSwappedWords) : elements;
  if (syntax.id === 'jpip') {
    const address = text(0x00287fe0, 'UR', 'http://127.0.0.1:9/jpip');
    return encodePart10(
      [...own.filter(({ tag }) => tag < 0x00287fe0), address],
      encoding,
      syntax.uid,
    );
  }
  const pixels = await encodePixelData(frames, syntax);
  if ('element' in pixels) {
    return encodePart10([...own, pixels.element], encoding, syntax.uid);
  }
  const header = await encodePart10(own, encoding, syntax.uid);
  return Uint8Array.from([...header, ...pixels.encapsulated]);
}

/** Tables are written as words. */
function withSwappedWords(element: TestElement): TestElement {
  const { vr, value } = element;
  if (Array.isArray(value) && vr === 'SQ') {
    const items = value as readonly (readonly TestElement[])[];
    return { ...element, value: items.map((item) => item.map(withSwappedWords)) };
  }
  return vr === 'OW' && value instanceof Uint8Array
    ? { ...element, value: swapped(value, 2) }
    : element;
}

let openedCount = 0;

/**
 * Registers the headers of a series over `wadors:`, or adds its files.
 *
 * @param changed - the DICOM JSON of an image, before it is registered
 * @returns the imageIds of all frames, in the order of the images
 */
export function openSeries(
  schemeId: string,
  { instances, syntax }: EncodedSeries,
  changed: (json: object) => object = (json) => json,
): string[] {
  openedCount += 1;
  return instances.flatMap((instance, i) => {
    const name = `kind-${openedCount}-${i}`;
    if (!schemeId.startsWith('wadors')) {
      return framesOfFile(schemeId, instance, name);
    }
    const type = `application/octet-stream; transfer-syntax=${frameSyntax(syntax)}`;
    const bodies = instance.bodies.map((body) => multipartBody(body, [`Content-Type: ${type}`]));
    const address = `wadors:${echoUrl('multipart/related; boundary=b', bodies, name)}/frames`;
    const available = text(0x00083002, 'UI', syntax.uid);
    const json = changed(toJson([available, ...instance.elements]));
    return bodies.map((_, frame) => {
      wadors.metaDataManager.add(`${address}/${frame + 1}`, json as never);
      return `${address}/${frame + 1}`;
    });
  });
}

/** Servers inflate a data set before they send its frames. */
function frameSyntax({ id, uid }: Syntax): string {
  return id === 'deflated' ? '1.2.840.10008.1.2.1' : uid;
}

function framesOfFile(schemeId: string, { file, frames }: EncodedInstance, name: string): string[] {
  const imageId =
    schemeId === 'wadouri'
      ? `wadouri:${echoUrl('application/dicom', [file], `${name}.dcm`)}`
      : wadouri.fileManager.add(new File([file], `${name}.dcm`));
  return frames.length === 1 ? [imageId] : frames.map((_, i) => `${imageId}?frame=${i + 1}`);
}

/** The address of these bodies on the echo server (`test/support/echoServer.mjs`). */
export function echoUrl(type: string, bodies: readonly Uint8Array[], name: string): string {
  const encoded = bodies.map((body) => toBase64Url(body)).join('.');
  const ofType = toBase64Url(new TextEncoder().encode(type));
  return `${String(karmaFixtures['echoOrigin'])}/${ofType}/${encoded}/${name}`;
}

function toBase64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
