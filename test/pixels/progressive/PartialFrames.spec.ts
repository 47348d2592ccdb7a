import { StreamingVolumeError } from '../../../src/index.js';
import type { DecodedFrame } from '../../../src/index.js';
import { PartialFrames } from '../../../src/pixels/progressive/PartialFrames.js';
import type { ReducedCodestream } from '../../../src/pixels/progressive/reduceCodestream.js';

const codestream = (missingLevels: number) => ({ missingLevels }) as ReducedCodestream;

describe('PartialFrames', () => {
  let begun: number[];
  let shown: DecodedFrame[];
  let answers: {
    readonly resolve: (frame: DecodedFrame) => void;
    readonly reject: (error: unknown) => void;
  }[];
  let frames: PartialFrames;

  beforeEach(() => {
    [begun, shown, answers] = [[], [], []];
    const decode = async ({ missingLevels }: ReducedCodestream): Promise<DecodedFrame> => {
      begun.push(missingLevels);
      return new Promise((resolve, reject) => {
        answers.push({ resolve, reject });
      });
    };
    frames = new PartialFrames(decode, (frame) => {
      shown.push(frame);
    });
  });

  const decoded = (name: string) => ({ imageId: name }) as DecodedFrame;
  const settle = async (): Promise<void> => {
    await new Promise((resolve) => {
      setTimeout(resolve);
    });
  };

  it('decodes one at a time, and then the best of those that have come meanwhile', async () => {
    [3, 2, 1].forEach((level) => {
      frames.add(codestream(level));
    });
    expect(begun).toEqual([3]);
    answers[0]?.resolve(decoded('a'));
    await settle();
    expect(begun).toEqual([3, 1]);
    answers[1]?.resolve(decoded('b'));
    await settle();
    expect(shown.map(({ imageId }) => imageId)).toEqual(['a', 'b']);
  });

  it('shows nothing once it is closed', async () => {
    frames.add(codestream(2));
    frames.add(codestream(1));
    frames.close();
    answers[0]?.resolve(decoded('late'));
    await settle();
    frames.add(codestream(0));
    expect(begun).toEqual([2]);
    expect(shown).toEqual([]);
  });

  it('ends with a codestream that is damaged, which the whole frame will tell', async () => {
    frames.add(codestream(2));
    answers[0]?.reject(new StreamingVolumeError('frame-decode', 'damaged'));
    await settle();
    frames.add(codestream(1));
    expect(begun).toEqual([2]);
  });
});
