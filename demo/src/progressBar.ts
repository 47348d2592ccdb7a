import type { FrameRequests } from './frameRequests.js';
import { byId, showFacts } from './page.js';
import type { LoadState, VolumeSession } from './volumeSession.js';

const MEGABYTE = 1e6;

const STATE_NAMES: Readonly<Record<LoadState, string>> = {
  idle: 'Idle',
  loading: 'Loading',
  complete: 'Complete',
  cancelled: 'Cancelled',
  failed: 'Failed',
};

/** Shows how far the load is, how fast it goes and what it fills. */
export class ProgressBar {
  readonly #progress = byId('load-progress', HTMLProgressElement);
  readonly #state = byId('load-state');
  readonly #facts = byId('load-facts');

  /**
   * @param session - undefined when no volume is open
   * @param isRefused - whether the open series is not a volume
   */
  show(session: VolumeSession | undefined, requests: FrameRequests, isRefused: boolean): void {
    const state = session?.state ?? 'idle';
    const total = session?.volume.imageIds.length ?? 0;
    const loaded = session?.volume.framesLoaded ?? 0;
    this.#progress.value = total > 0 ? loaded / total : 0;
    this.#progress.dataset['state'] = state;
    this.#state.dataset['state'] = state;
    this.#state.textContent = isRefused ? 'Not a volume' : describeState(session);
    showFacts(this.#facts, {
      Frames: total > 0 ? `${loaded} / ${total}` : '–',
      Received: describeSize(requests.bytes),
      Rate: describeRate(session, requests.bytes),
      'First slice': describeDuration(session?.firstSliceMs),
      'Total time': describeDuration(session && state !== 'idle' ? session.loadMs : undefined),
      Memory: session ? describeMemory(session) : '–',
      Volume: session ? describeVolume(session) : '–',
    });
  }
}

function describeState(session: VolumeSession | undefined): string {
  const failures = session?.failed.length ?? 0;
  return session?.state === 'failed' && failures > 0
    ? `${failures} failed`
    : STATE_NAMES[session?.state ?? 'idle'];
}

function describeSize(bytes: number): string {
  const megabytes = bytes / MEGABYTE;
  return `${megabytes.toFixed(bytes > 0 && megabytes < 1 ? 2 : 1)} MB`;
}

function describeRate(session: VolumeSession | undefined, bytes: number): string {
  const seconds = (session?.loadMs ?? 0) / 1000;
  return seconds > 0 ? `${(bytes / MEGABYTE / seconds).toFixed(1)} MB/s` : '–';
}

function describeDuration(milliseconds: number | undefined): string {
  if (milliseconds === undefined) {
    return '–';
  }
  return milliseconds < 1000
    ? `${Math.round(milliseconds)} ms`
    : `${(milliseconds / 1000).toFixed(2)} s`;
}

/** Shared memory exists on cross-origin isolated pages only, and the name too. */
function describeMemory({ volume }: VolumeSession): string {
  const isShared =
    typeof SharedArrayBuffer !== 'undefined' &&
    volume.getScalarData().buffer instanceof SharedArrayBuffer;
  return isShared ? 'Shared' : 'Not shared';
}

function describeVolume({ volume }: VolumeSession): string {
  const voxels = volume.getScalarData();
  const type = voxels.constructor.name.replace('Array', '');
  return `${type} · ${volume.dimensions.join(' × ')} · ${describeSize(voxels.byteLength)}`;
}
