import { getWebWorkerManager, version as loadedCoreVersion } from '@cornerstonejs/core';
import coreManifest from '@cornerstonejs/core/package.json';
import * as dicomImageLoader from '@cornerstonejs/dicom-image-loader';
import imageLoaderManifest from '@cornerstonejs/dicom-image-loader/package.json';
import metadataManifest from '@cornerstonejs/metadata/package.json';
import utilsManifest from '@cornerstonejs/utils/package.json';
import codecFrames from './codecFrames.json';
import { karmaFixtures } from './karmaFixtures.js';

const { columns, rows, jpegLs, htj2k } = codecFrames;
const EXPECTED = Uint16Array.from({ length: columns * rows }, (_, index) => (index * 37) % 1000);

function toBytes(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

function decode(transferSyntax: string, pixelData: Uint8Array, arrayBuffer?: SharedArrayBuffer) {
  const imageFrame = {
    rows,
    columns,
    samplesPerPixel: 1,
    bitsAllocated: 16,
    bitsStored: 16,
    pixelRepresentation: 0,
    photometricInterpretation: 'MONOCHROME2',
  };
  const targetBuffer = { type: 'Uint16Array', arrayBuffer, offset: 0, length: EXPECTED.length };
  return getWebWorkerManager().executeTask<{ pixelData: Uint16Array }>(
    'dicomImageLoader',
    'decodeTask',
    {
      imageFrame,
      transferSyntax,
      pixelData,
      decodeConfig: {},
      options: { targetBuffer, preScale: { enabled: false } },
    },
  );
}

describe('The test environment', () => {
  beforeAll(() => {
    dicomImageLoader.init({ maxWebWorkers: 2 });
  });

  it('is cross-origin isolated exactly in the isolated run', () => {
    expect(window.crossOriginIsolated).toBe(karmaFixtures.isolated);
    expect(typeof SharedArrayBuffer === 'function').toBe(karmaFixtures.isolated);
  });

  it('has the packages of the version that the run is for', () => {
    const versions = [
      loadedCoreVersion,
      coreManifest.version,
      imageLoaderManifest.version,
      metadataManifest.version,
      utilsManifest.version,
    ];
    expect(new Set(versions)).toEqual(new Set([karmaFixtures.coreVersion]));
  });

  const syntaxes = [
    {
      name: 'Explicit VR Little Endian',
      uid: '1.2.840.10008.1.2.1',
      bytes: () => new Uint8Array(EXPECTED.slice().buffer),
    },
    {
      name: 'JPEG-LS Lossless',
      uid: '1.2.840.10008.1.2.4.80',
      bytes: () => toBytes(jpegLs),
    },
    {
      name: 'HTJ2K Lossless',
      uid: '1.2.840.10008.1.2.4.201',
      bytes: () => toBytes(htj2k),
    },
  ];
  for (const { name, uid, bytes } of syntaxes) {
    it(`decodes ${name} in the worker of dicom-image-loader`, async () => {
      const target = karmaFixtures.isolated
        ? new SharedArrayBuffer(EXPECTED.byteLength)
        : undefined;
      const result = await decode(uid, bytes(), target);
      expect([...result.pixelData]).toEqual([...EXPECTED]);
      if (target) {
        expect([...new Uint16Array(target)]).toEqual([...EXPECTED]);
      }
    });
  }
});
