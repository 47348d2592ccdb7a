import { wadors } from '@cornerstonejs/dicom-image-loader';
import {
  checkVolumeEligibility,
  fetchSeries,
  groupImageIdsIntoVolumes,
  prefetchMetadata,
} from '../../src/index.js';
import type { StreamingVolumeError } from '../../src/index.js';
import { createVolume } from '../support/createVolume.js';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { encodePart10 } from '../support/encodePart10.js';
import type { TestElement } from '../support/encodePart10.js';
import { errorOf, textsOf } from '../support/errorOf.js';
import { karmaFixtures } from '../support/karmaFixtures.js';
import { multipartBody, serveSeries } from '../support/servedSeries.js';
import { giveAnswers, resetServer } from '../support/serverControls.js';

const origin = String(karmaFixtures['origin']);
const NAME = 'Kowalska^Ewa';
const MRN = 'MRN-774-221';

type Headers = Record<string, { vr: string; Value?: unknown[] }>;

/** What identifies a patient (PS3.15 E.1.1), each with something to find. */
const PATIENT: Headers = {
  '00080080': { vr: 'LO', Value: [NAME] },
  '00080090': { vr: 'PN', Value: [{ Alphabetic: NAME }] },
  '00081030': { vr: 'LO', Value: [NAME] },
  '0008103E': { vr: 'LO', Value: [NAME] },
  '00100010': { vr: 'PN', Value: [{ Alphabetic: NAME }] },
  '00100020': { vr: 'LO', Value: [MRN] },
  '00100021': { vr: 'LO', Value: [MRN] },
  '00101000': { vr: 'LO', Value: [MRN] },
  '00104000': { vr: 'LT', Value: [NAME] },
};

const number = (vr: string, ...Value: unknown[]): Headers[string] => ({ vr, Value });

/** Headers that make the second of three slices a reason against the volume, or an error. */
const WRONG: readonly (readonly [what: string, headers: Headers])[] = [
  ['no position', { '00200032': { vr: 'DS' } }],
  ['a position that is no number', { '00200032': number('DS', NAME, 0, 2) }],
  ['the position of another slice', { '00200032': number('DS', 0, 0, 0) }],
  ['a gap', { '00200032': number('DS', 0, 0, 3.3) }],
  ['another orientation', { '00200037': number('DS', 0, 1, 0, 0, 0, 1) }],
  ['another size', { '00280010': number('US', 7) }],
  ['no size', { '00280011': { vr: 'US' } }],
  ['a size that is a text', { '00280011': number('LO', NAME) }],
  ['a number of frames that is a text', { '00280008': number('LO', NAME) }],
  ['another spacing', { '00280030': number('DS', 1, 3) }],
  ['another frame of reference', { '00200052': number('UI', '1.9') }],
  ['another patient', { '00100010': number('PN', { Alphabetic: `${NAME}^M` }) }],
  ['a rescaling that is a text', { '00281053': number('DS', NAME) }],
  ['bits that cannot be', { '00280101': number('US', 40) }],
  ['colours that are unknown', { '00280004': number('CS', 'UNKNOWN') }],
];

describe('A patient is named by no message', () => {
  let logged: jasmine.Spy[];

  beforeEach(async () => {
    startCornerstone();
    await resetServer();
    logged = (['warn', 'error', 'log', 'info'] as const).map((level) => spyOn(console, level));
  });

  afterEach(async () => {
    await resetServer();
    stopCornerstone();
  });

  /** Also looks at what the package has written to the console. */
  function expectNoPatient(texts: string): void {
    const all = [texts, ...logged.flatMap((spy) => spy.calls.allArgs().map(String))].join('\n');
    expect(all).not.toMatch(/kowalska|ewa\b|MRN-774/i);
  }

  async function seriesOf(second: Headers): Promise<string[]> {
    const imageIds = await serveSeries({
      columns: 8,
      rows: 8,
      bitsAllocated: 16,
      body: new Uint8Array(128),
      contentType: 'application/octet-stream',
    });
    imageIds.forEach((imageId, slice) => {
      const headers = wadors.metaDataManager.get(imageId) as unknown as Headers;
      const changed = { ...headers, ...PATIENT, ...(slice === 1 && second) };
      wadors.metaDataManager.add(imageId, changed as never);
    });
    return imageIds;
  }

  for (const [what, headers] of WRONG) {
    it(`about a slice with ${what}`, async () => {
      const imageIds = await seriesOf(headers);
      const { reasons } = checkVolumeEligibility(imageIds);
      const { volumes, rest } = groupImageIdsIntoVolumes(imageIds);
      const created = await createVolume(imageIds).then(
        (volume) => volume.load().then(({ failed }) => failed.map(({ error }) => textsOf(error))),
        (error: unknown) => [textsOf(error as StreamingVolumeError)],
      );
      expectNoPatient(JSON.stringify([reasons, volumes, rest, created]));
    });
  }

  it('about DICOM JSON that breaks off in a name', async () => {
    const text = JSON.stringify([{ ...PATIENT }]);
    const body = new TextEncoder().encode(text.slice(0, text.indexOf(NAME) + NAME.length));
    await giveAnswers([{ path: '/made/studies/1.1/series/1.2/metadata', headers: {}, body }]);
    const error = await errorOf(
      fetchSeries({
        wadoRsRoot: `${origin}/made`,
        studyInstanceUID: '1.1',
        seriesInstanceUID: '1.2',
        retries: 0,
      }),
    );
    expect(error.code).toBe('series-body');
    expectNoPatient(textsOf(error));
  });

  it('about metadata of a service with a number of frames that is a text', async () => {
    const instance = {
      '00080018': number('UI', '1.3'),
      '00280008': number('IS', NAME),
      '00280010': number('US', 2),
    };
    const path = '/named/studies/1.1/series/1.2/metadata';
    const body = new TextEncoder().encode(JSON.stringify([instance]));
    await giveAnswers([{ path, headers: {}, body }]);
    const wadoRsRoot = `${origin}/named`;
    const error = await errorOf(
      fetchSeries({ wadoRsRoot, studyInstanceUID: '1.1', seriesInstanceUID: '1.2' }),
    );
    expect(error.code).toBe('series-body');
    expect(textsOf(error)).not.toContain(NAME);
  });

  it('about a file that breaks off in a name', async () => {
    const elements: TestElement[] = [
      { tag: 0x00100010, vr: 'PN', value: NAME },
      { tag: 0x00100020, vr: 'LO', value: MRN },
      { tag: 0x00104000, vr: 'LT', value: NAME, length: 4000 },
    ];
    const body = await encodePart10(elements, 'explicit');
    await giveAnswers([{ path: '/name.dcm', headers: {}, body }]);
    const error = await errorOf(prefetchMetadata([`wadouri:${origin}/name.dcm`]));
    expect(error.errors.length).toBe(1);
    expectNoPatient(textsOf(error));
  });

  for (const [what, status, contentType, body] of [
    ['an error page', 500, 'text/html', `<p>No pixels of ${NAME}, ${MRN}</p>`],
    ['a page in place of a frame', 200, 'text/html', `<p>${NAME}, ${MRN}</p>`],
    ['a text in place of a frame', 200, 'application/octet-stream', `${NAME} ${MRN}`],
    ['a codestream', 200, 'image/jls', `${NAME} ${MRN}`],
  ] as const) {
    for (const [place, frameWorkers] of [
      ['the page', 0],
      ['a worker', 2],
    ] as const) {
      it(`about ${what} that ${place} has fetched`, async () => {
        stopCornerstone();
        startCornerstone({ frameWorkers });
        const imageIds = await seriesOf({});
        const part = new TextEncoder().encode(body);
        await giveAnswers(
          imageIds.map((imageId) => ({
            path: new URL(imageId.slice('wadors:'.length)).pathname,
            status,
            headers: {
              'Content-Type': status === 200 ? 'multipart/related; boundary=b' : contentType,
            },
            body: status === 200 ? multipartBody(part, [`Content-Type: ${contentType}`]) : part,
          })),
        );
        const volume = await createVolume(imageIds, { retries: 0 });
        const { failed } = await volume.load();
        expect(failed.length).toBe(imageIds.length);
        expectNoPatient(failed.map(({ error }) => textsOf(error)).join('\n'));
      });
    }
  }
});
