import { nextTask } from '../../../src/base/timers.js';
import { runInTurn } from '../../../src/pixels/decode/workerTurns.js';
import { startCornerstone, stopCornerstone } from '../../support/cornerstone.js';

let syntaxCount = 0;

describe("Tasks of dicom-image-loader's workers, of which there are two,", () => {
  let started: number[];
  let ended: (number | string)[];
  let ends: { readonly resolve: () => void; readonly reject: (reason: Error) => void }[];

  beforeEach(() => {
    startCornerstone();
    [started, ended, ends] = [[], [], []];
    syntaxCount += 1;
  });

  afterEach(() => {
    stopCornerstone();
  });

  function begin(count: number): void {
    for (let i = 0; i < count; i++) {
      const task = (): Promise<number> => {
        started.push(i);
        return new Promise((resolve, reject) => {
          ends[i] = {
            resolve: () => {
              resolve(i);
            },
            reject,
          };
        });
      };
      runInTurn(`spec-${syntaxCount}`, task).then(
        (result) => ended.push(result),
        (error: unknown) => ended.push((error as Error).message),
      );
    }
  }

  it('run one in each worker, until both workers have decoded a frame of the syntax', async () => {
    begin(6);
    await nextTask();
    expect(started).toEqual([0, 1]);
    ends[0]?.resolve();
    await nextTask();
    expect(started).toEqual([0, 1, 2]);
    ends[2]?.resolve();
    await nextTask();
    expect(started).toEqual([0, 1, 2, 3]);
    ends[1]?.resolve();
    await nextTask();
    expect(started).toEqual([0, 1, 2, 3, 4, 5]);
    expect(ended).toEqual([0, 2, 1]);
    begin(2);
    expect(started.slice(6)).toEqual([0, 1]);
  });

  it('let others follow when they fail', async () => {
    begin(4);
    await nextTask();
    ends[0]?.reject(new Error('no'));
    ends[1]?.reject(new Error('nor this'));
    await nextTask();
    expect(ended).toEqual(['no', 'nor this']);
    expect(started).toEqual([0, 1, 2, 3]);
  });

  it('do not wait for frames of another syntax', async () => {
    begin(3);
    syntaxCount += 1;
    begin(2);
    await nextTask();
    expect(started).toEqual([0, 1, 0, 1]);
  });
});
