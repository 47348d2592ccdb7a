import { FailedFramesPanel } from '../../demo/src/failedFramesPanel.js';
import { StreamingVolumeError } from '../../src/index.js';
import type { FailedFrame, StreamingImageVolume } from '../../src/index.js';

const PAGE = `
  <section id="failed-frames" hidden>
    <button id="retry-failed"></button>
    <table><tbody id="failed-rows"></tbody></table>
    <p id="failed-more" hidden></p>
  </section>`;

describe('FailedFramesPanel', () => {
  let container: HTMLElement;
  let panel: FailedFramesPanel;
  let retries: number;

  beforeEach(() => {
    container = document.createElement('div');
    container.innerHTML = PAGE;
    document.body.append(container);
    retries = 0;
    panel = new FailedFramesPanel(() => {
      retries += 1;
    });
  });

  afterEach(() => {
    container.remove();
  });

  const find = (selector: string): HTMLElement => container.querySelector(selector) as HTMLElement;
  const rows = (): string[][] =>
    [...container.querySelectorAll('tr')].map((row) =>
      [...row.cells].map(({ textContent }) => textContent),
    );

  it('is hidden while no frame has failed', () => {
    panel.show(undefined, false);
    expect(find('#failed-frames').hidden).toBeTrue();

    panel.show(volumeWith([failure(3, 404)]), false);
    expect(find('#failed-frames').hidden).toBeFalse();

    panel.show(volumeWith([]), false);
    expect(find('#failed-frames').hidden).toBeTrue();
    expect(rows()).toEqual([]);
  });

  it('lists slice, error and attempts', () => {
    panel.show(volumeWith([failure(3, 404), failure(9, 503, 4), failure(11, 0, 4)]), false);

    expect(rows()).toEqual([
      ['Slice 4', 'frame-fetch · 404', '1 attempt'],
      ['Slice 10', 'frame-fetch · 503', '4 attempts'],
      ['Slice 12', 'frame-fetch · no response', '4 attempts'],
    ]);
    expect(find('tr').title).toContain('Frame 3 failed');
    expect(find('#failed-more').hidden).toBeTrue();
  });

  it('counts those beyond the eighth', () => {
    panel.show(volumeWith(Array.from({ length: 11 }, (_, index) => failure(index, 404))), false);

    expect(rows().length).toBe(8);
    expect(find('#failed-more').hidden).toBeFalse();
    expect(find('#failed-more').textContent).toBe('and 3 more');
  });

  it('lets frames be tried again once the load is over', () => {
    const retry = find('#retry-failed');
    panel.show(volumeWith([failure(3, 404)]), true);
    retry.click();
    expect(retries).toBe(0);

    panel.show(volumeWith([failure(3, 404)]), false);
    retry.click();
    expect(retries).toBe(1);
  });
});

function failure(imageIdIndex: number, status: number, attempts = 1): FailedFrame {
  const imageId = `wadors:${imageIdIndex}`;
  const error = new StreamingVolumeError('frame-fetch', `Frame ${imageIdIndex} failed`, {
    imageIds: [imageId],
    status,
  });
  return { imageId, imageIdIndex, error, attempts };
}

function volumeWith(failedFrames: readonly FailedFrame[]): StreamingImageVolume {
  const progress = { framesFailed: failedFrames.length };
  return { progress, failedFrames } as unknown as StreamingImageVolume;
}
