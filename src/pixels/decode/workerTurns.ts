import { getWebWorkerManager } from '@cornerstonejs/core';

/** What Cornerstone's manager knows of its workers; not in its types. */
interface WorkerRegistry {
  readonly workerRegistry?: {
    readonly dicomImageLoader?: { readonly instances: readonly unknown[] };
  };
}

/** Tasks with frames of one transfer syntax, until each worker has decoded one of them. */
interface Warming {
  readonly running: Set<symbol>;
  readonly waiting: (() => void)[];
  /** One for each worker, of a time when all workers had one; undefined before. */
  firsts: Set<symbol> | undefined;
}

const warming = new Map<string, Warming>();
/** Transfer syntaxes that every worker has decoded a frame of. */
const warm = new Set<string>();

/**
 * Runs a task of dicom-image-loader's workers; until each of them has decoded a frame of the transfer syntax, only one
 * task for each at once.
 *
 * Workaround: two frames that wait in one worker for its codec to load make an instance of the codec each, and then both
 * decode in the last instance; the pixels of the first are a view of its memory, which the second overwrites before they
 * are copied (`initialize` in shared/decoders/decodeJPEGXL.js and decodeJPEGLS.js, 5.14.0). It happens where a browser
 * ends several instantiations in one turn: WebKitGTK 2.50 gives half of the first frames of JPEG XL the pixels of others.
 * Remove when the decoders load their codec once, or copy the pixels.
 *
 * @returns what the task resolves with; rejects as it does
 */
export async function runInTurn<T>(transferSyntax: string, task: () => Promise<T>): Promise<T> {
  const workerCount = countWorkers();
  if (workerCount === 0 || warm.has(transferSyntax)) {
    return task();
  }
  const state: Warming = warming.get(transferSyntax) ?? {
    running: new Set(),
    waiting: [],
    firsts: undefined,
  };
  warming.set(transferSyntax, state);
  while (!warm.has(transferSyntax) && state.running.size >= workerCount) {
    await new Promise<void>((resolve) => {
      state.waiting.push(resolve);
    });
  }
  const id = Symbol(transferSyntax);
  state.running.add(id);
  // The manager gives a task to the worker with the fewest.
  if (state.running.size === workerCount) {
    state.firsts ??= new Set(state.running);
  }
  try {
    return await task();
  } finally {
    state.running.delete(id);
    state.firsts?.delete(id);
    if (state.firsts?.size === 0) {
      warm.add(transferSyntax);
      warming.delete(transferSyntax);
      state.waiting.splice(0).forEach((resolve) => {
        resolve();
      });
    } else {
      state.waiting.shift()?.();
    }
  }
}

/** 0 where dicom-image-loader has registered none. */
function countWorkers(): number {
  const { workerRegistry } = getWebWorkerManager() as unknown as WorkerRegistry;
  return workerRegistry?.dicomImageLoader?.instances.length ?? 0;
}
