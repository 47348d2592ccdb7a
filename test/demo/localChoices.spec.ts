import { localChoices } from '../../demo/src/localChoices.js';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { createVolume } from '../support/createVolume.js';
import { dicomText, dicomWebRoot, fetchSeries } from '../support/dicomWebSeries.js';
import { karmaFixtures } from '../support/karmaFixtures.js';
import { firstWrongVoxel } from '../support/testSeriesTruth.js';

describe('The choices among local files', () => {
  beforeEach(() => {
    startCornerstone();
  });

  afterEach(() => {
    stopCornerstone();
  });

  /** The files of a series of the fixture server, as a person has them in a folder. */
  async function localFiles(format: string): Promise<File[]> {
    const { instances } = await fetchSeries(dicomWebRoot(`synthetic/${format}`) as string);
    return Promise.all(
      instances.map(async (instance) => {
        const name = `${dicomText(instance, '00080018')}.dcm`;
        const folder = `${String(karmaFixtures['origin'])}/data/synthetic/${format}/files`;
        const response = await fetch(`${folder}/${name}`);
        return new File([await response.blob()], name);
      }),
    );
  }

  it('are the volumes, what forms none, and what cannot be read', async () => {
    const volume = await localFiles('ct-int16');
    const [lonely] = await localFiles('ct-uint12');
    const readme = new File(['Nothing but words.'.repeat(20)], 'readme.txt');
    const files = [readme, ...volume.toReversed(), lonely as File];
    const told: [number, number][] = [];
    const choices = await localChoices(files, (done, total) => told.push([done, total]));
    expect(told.at(-1)).toEqual([files.length, files.length]);
    expect(choices.map(({ imageCount, isRest }) => [imageCount, isRest])).toEqual([
      [volume.length, false],
      [1, true],
      [1, true],
    ]);
    expect(new Set(choices.map(({ name }) => name)).size).toBe(3);

    const [whole, single, unreadable] = await Promise.all(choices.map(({ open }) => open()));
    expect(single?.reasons.map(({ code }) => code)).toEqual(['not-enough-frames']);
    expect(unreadable?.imageIds).toEqual([]);
    expect(unreadable?.reasons[0]?.message).toMatch(/^readme\.txt: /);
    expect(whole?.reasons).toEqual([]);
    const streamed = await createVolume(whole?.imageIds ?? []);
    expect((await streamed.load()).failed).toEqual([]);
    expect(firstWrongVoxel(streamed, 'ct-int16')).toBe('none');
  });

  it('say of a volume what is approximate, and that a file was there twice', async () => {
    const files = await localFiles('ct-int16');
    const choices = await localChoices([...files, files[3] as File], () => undefined);
    expect(choices.map(({ imageCount, isRest }) => [imageCount, isRest])).toEqual([
      [files.length, false],
    ]);
    const opened = await choices[0]?.open();
    expect(opened?.imageIds.length).toBe(files.length);
    expect(opened?.warnings.length).toBe(1);
    expect(opened?.warnings[0]).toMatch(/^1 image is there twice/);
  });

  it('has the frames of a file that holds many', async () => {
    const choices = await localChoices(await localFiles('mr-multi-frame'), () => undefined);
    expect(choices.map(({ imageCount, isRest }) => [imageCount, isRest])).toEqual([[24, false]]);
  });
});
