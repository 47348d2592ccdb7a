import type { FrameRequests } from './frameRequests.js';
import { byId, showFacts } from './page.js';
import type { BuiltInSession } from './comparison/builtInSession.js';
import { VolumeSession } from './volumeSession.js';
import type { LoadState } from './volumeSession.js';

type Session = VolumeSession | BuiltInSession;

const MEGABYTE = 1e6;

const STATE_NAMES: Readonly<Record<LoadState, string>> = {
  idle: 'Idle',
  loading: 'Loading',
  complete: 'Complete',
  cancelled: 'Cancelled',
  failed: 'Failed',
};

/** Shows the progress and the speed of the load, and the array that it fills. */
export class ProgressBar {
  readonly #progress = byId('load-progress', HTMLProgressElement);
  readonly #state = byId('load-state');
  readonly #facts = byId('load-facts');

  /**
   * @param session - undefined when no volume is open
   * @param isRefused - whether the open series does not form a volume
   */
  show(session: Session | undefined, requests: FrameRequests, isRefused: boolean): void {
    const state = session?.state ?? 'idle';
    const progress = session?.progress;
    const total = (progress?.framesTotal ?? 0) - (progress?.framesAbsent ?? 0);
    const loaded = progress?.framesLoaded ?? 0;
    this.#progress.value = total > 0 ? loaded / total : 0;
    this.#progress.dataset['state'] = state;
    this.#state.dataset['state'] = state;
    this.#state.textContent = isRefused ? 'Not a volume' : describeState(session);
    showFacts(this.#facts, {
      Frames: total > 0 ? `${loaded} / ${total}` : '–',
      // The time of the progress starts with each load; this is the sum of all loads.
      Received: describeSize(requests.bytes),
      Rate: describeRate(progress?.bytesPerSecond ?? 0),
      'Time left': describeSeconds(state === 'loading' ? progress?.secondsLeft : undefined),
      'First slice': describeDuration(session?.firstSliceMs),
      'Total time': describeDuration(session && state !== 'idle' ? session.loadMs : undefined),
      Memory: session ? describeMemory(session) : '–',
      Volume: session ? describeVolume(session) : '–',
    });
  }
}

function describeState(session: Session | undefined): string {
  const failures = session?.progress.framesFailed ?? 0;
  if (session?.state === 'failed' && failures > 0) {
    return `${failures} failed`;
  }
  return session?.state === 'loading' && session.isRetry
    ? 'Retrying'
    : STATE_NAMES[session?.state ?? 'idle'];
}

/** An amount of bytes for readers. */
export function describeSize(bytes: number): string {
  const megabytes = bytes / MEGABYTE;
  return `${megabytes.toFixed(bytes > 0 && megabytes < 1 ? 2 : 1)} MB`;
}

function describeRate(bytesPerSecond: number): string {
  return bytesPerSecond > 0 ? `${(bytesPerSecond / MEGABYTE).toFixed(1)} MB/s` : '–';
}

function describeSeconds(seconds: number | undefined): string {
  return seconds === undefined ? '–' : `${Math.ceil(seconds)} s`;
}

/** A duration for readers; a dash for one that is not known. */
export function describeDuration(milliseconds: number | undefined): string {
  if (milliseconds === undefined) {
    return '–';
  }
  return milliseconds < 1000
    ? `${Math.round(milliseconds)} ms`
    : `${(milliseconds / 1000).toFixed(2)} s`;
}

/** SharedArrayBuffer is defined on cross-origin isolated pages only. */
function describeMemory(session: Session): string {
  if (!(session instanceof VolumeSession)) {
    return 'One per image';
  }
  const { volume } = session;
  const isShared =
    typeof SharedArrayBuffer !== 'undefined' &&
    volume.getScalarData().buffer instanceof SharedArrayBuffer;
  return isShared ? 'Shared' : 'Not shared';
}

function describeVolume(session: Session): string {
  if (!(session instanceof VolumeSession)) {
    return session.volume.dimensions.join(' × ');
  }
  const { volume } = session;
  const voxels = volume.getScalarData();
  const type = voxels.constructor.name.replace('Array', '');
  const times = volume.isDynamicVolume() ? `${volume.numDimensionGroups} × ` : '';
  return `${type} · ${volume.dimensions.join(' × ')} · ${times}${describeSize(voxels.byteLength)}`;
}
