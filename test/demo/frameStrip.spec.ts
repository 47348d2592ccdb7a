import type { FrameState } from '../../demo/src/frameCells.js';
import { FrameStrip } from '../../demo/src/frameStrip.js';

const WIDTH = 200;
const HEIGHT = 26;
const FAILED = [255, 0, 0, 255];
const LOADED = [0, 128, 0, 255];
const MARKER = [0, 0, 255, 255];
const STYLE = `
  .cells { color: rgb(${MARKER.slice(0, 3).join()}) }
  .cells canvas { display: block; width: ${WIDTH}px; height: ${HEIGHT}px }
  [data-state=failed] i { background: rgb(${FAILED.slice(0, 3).join()}) }
  [data-state=loaded] i { background: rgb(${LOADED.slice(0, 3).join()}) }`;

describe('FrameStrip', () => {
  let container: HTMLElement;
  let strip: FrameStrip;
  let states: FrameState[];
  let slice: number | undefined;
  let standIns: Map<number, number>;
  let pictures: number;
  let chosen: number[];

  beforeEach(async () => {
    container = document.createElement('div');
    container.innerHTML = `<style>${STYLE}</style><section></section>`;
    document.body.append(container);
    states = Array.from<FrameState>({ length: 20 }).fill('idle');
    slice = undefined;
    standIns = new Map();
    pictures = 0;
    chosen = [];
    const source = {
      getStates: () => {
        pictures += 1;
        return states;
      },
      getSlice: () => slice,
      getStandIn: (frameIndex: number) => standIns.get(frameIndex),
    };
    strip = new FrameStrip(container.querySelector('section') as HTMLElement, source, (index) => {
      chosen.push(index);
    });
    await settled();
  });

  afterEach(() => {
    container.remove();
  });

  const canvas = (): HTMLCanvasElement => container.querySelector('canvas') as HTMLCanvasElement;
  const tip = (): HTMLElement => container.querySelector('.tip') as HTMLElement;
  const draw = async (): Promise<void> => {
    strip.invalidate();
    await settled();
  };
  const point = (type: string, x: number): void => {
    const { left, top } = canvas().getBoundingClientRect();
    canvas().dispatchEvent(new PointerEvent(type, { clientX: left + x, clientY: top + 5 }));
  };
  /** The colour of the screen's pixel at a place in CSS pixels. */
  const colorAt = (x: number, y: number): number[] => {
    const scale = canvas().width / WIDTH;
    const context = canvas().getContext('2d') as CanvasRenderingContext2D;
    return [...context.getImageData(Math.floor(x * scale), Math.floor(y * scale), 1, 1).data];
  };

  it('states the counts for screen readers and in the legend', async () => {
    expect(canvas().getAttribute('role')).toBe('img');
    expect(canvas().ariaLabel).toBe('20 frames: 20 idle');

    states = [...states.slice(3), 'loaded', 'failed', 'failed'];
    await draw();

    expect(canvas().ariaLabel).toBe('20 frames: 17 idle, 1 loaded, 2 failed');
    const legend = [...container.querySelectorAll('li')].map(({ textContent }) => textContent);
    expect(legend).toEqual([
      'idle17',
      'queued0',
      'loading0',
      'partial0',
      'loaded1',
      'failed2',
      'absent0',
    ]);
  });

  it('is drawn once in an animation frame, however much changes', async () => {
    pictures = 0;
    for (let change = 0; change < 50; change++) {
      strip.invalidate();
    }
    expect(pictures).toBe(0);

    await settled();
    expect(pictures).toBe(1);
  });

  it('marks a frame that another one is shown for, and tells which', async () => {
    states = states.with(1, 'loaded');
    standIns.set(2, 1);
    await draw();
    expect(colorAt(24, 18)).toEqual(LOADED);
    expect(colorAt(24, 12)).not.toEqual(LOADED);
    expect(colorAt(34, 18)).not.toEqual(LOADED);
    point('pointermove', 25);
    expect(tip().textContent).toBe('Slice 3 · idle · shown: Slice 2');
  });

  it('tells the slice and the state under the pointer, also when it changes', async () => {
    expect(tip().hidden).toBeTrue();
    point('pointermove', 25);
    expect(tip().hidden).toBeFalse();
    expect(tip().textContent).toBe('Slice 3 · idle');

    states = states.with(2, 'loaded');
    await draw();
    expect(tip().textContent).toBe('Slice 3 · loaded');

    point('pointerleave', 25);
    expect(tip().hidden).toBeTrue();
  });

  it('gives the frame whose cell is clicked, and none when there is none', async () => {
    point('click', 5);
    point('click', 195);
    expect(chosen).toEqual([0, 19]);

    states = [];
    await draw();
    point('click', 5);
    expect(chosen).toEqual([0, 19]);
    expect(canvas().ariaLabel).toBe('No frames');
  });

  it('colours cells by their states and marks the slice without hiding its state', async () => {
    states = states.map((_, index) => (index === 4 ? 'failed' : 'loaded'));
    slice = 4;
    await draw();

    expect(colorAt(44, 13)).toEqual(FAILED);
    expect(colorAt(54, 13)).toEqual(LOADED);
    expect(colorAt(44, 1)).toEqual(MARKER);
    expect(colorAt(44, HEIGHT - 1)).toEqual(MARKER);
    expect(colorAt(84, 1)).toEqual([0, 0, 0, 0]);
  });

  it('shows each of a few failed frames where there are more frames than pixels', async () => {
    states = Array.from({ length: 1000 }, (_, index) => (index % 300 === 1 ? 'failed' : 'loaded'));
    await draw();

    const row = Array.from({ length: WIDTH }, (_, x) => colorAt(x, 13).join());
    expect(row.filter((color) => color === FAILED.join()).length).toBe(4);
    expect(row.filter((color) => color === LOADED.join()).length).toBe(WIDTH - 4);
  });
});

/** Resolves after what is due with the next picture was done, resize observers included. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => {
      requestAnimationFrame(() => {
        requestAnimationFrame(() => {
          resolve();
        });
      });
    });
  });
}
