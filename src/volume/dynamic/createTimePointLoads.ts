import type { LoadMeter } from '../../loading/LoadProgress.js';
import type { VolumeContents, VolumeFilling } from '../VolumeFilling.js';
import type { VolumeNotifier } from '../VolumeNotifier.js';
import type { VoxelTimePoints } from './createDynamicVoxelManager.js';
import type { TimePointProps } from './DynamicVolumeProps.js';
import { flatResult } from './flatFrames.js';
import type { ControlledTimePoints } from './flatFrames.js';
import type { HeldTimePoint } from './openTimePoint.js';
import { TimePointLoads } from './TimePointLoads.js';
import type { TimePointMemory } from './TimePointMemory.js';

/** What the loads of time points are made of. */
interface TimePointLoadsParts {
  readonly timePoints: ControlledTimePoints &
    Pick<VoxelTimePoints, 'current'> &
    Pick<VolumeContents, 'imageIds'> &
    Pick<VolumeFilling, 'states'>;
  readonly memory: TimePointMemory<HeldTimePoint>;
  readonly props: TimePointProps;
  readonly progress: LoadMeter;
  /** Aborts at the end of the volume's life. */
  readonly removal: AbortSignal;
  /** All time points, in the order of play. */
  readonly order: () => number[];
  readonly getNotifier: () => VolumeNotifier;
}

/** Makes what loads the time points of a volume. */
export function createTimePointLoads({
  timePoints,
  memory,
  props,
  progress,
  removal,
  order,
  getNotifier,
}: TimePointLoadsParts): TimePointLoads {
  const { imageIds, states } = timePoints;
  const toLoad = (held: HeldTimePoint | undefined) =>
    held && { states: held.controller.states, load: held.controller.load };
  return new TimePointLoads({
    get current() {
      return timePoints.current;
    },
    order: () => {
      const wanted = memory.wanted();
      return order().filter((index) => wanted.has(index) || memory.get(index) !== undefined);
    },
    get: (index) => toLoad(memory.get(index)),
    tryHold: (index) => toLoad(memory.tryHold(index)),
    held: () => [...memory.all.values()].flatMap((held) => toLoad(held) ?? []),
    result: () => flatResult(timePoints),
    isLoaded: () => states.count('loaded') + states.count('absent') === imageIds.length,
    total: imageIds.length,
    maxInFlight: props.maxInFlight,
    processed: () => states.ended,
    onStarted: () => {
      props.authorization.reset();
      progress.start();
    },
    onStopped: () => {
      progress.stop();
    },
    onCompleted: () => {
      getNotifier().flush();
      getNotifier().loadCompleted();
    },
    refusal: (signal) => [removal, props.signal, signal].find((each) => each?.aborted),
  });
}
