import { isStreamingDynamicImageVolume } from '../../../src/index.js';
import type { StreamingImageVolume } from '../../../src/index.js';
import { byId } from '../page.js';
import { valueText } from '../voxelUnits.js';
import { curvePicture } from './curvePath.js';

const ROOM = { width: 256, height: 84, margin: 5 };
const SVG = 'http://www.w3.org/2000/svg';

/** The values of the voxel under the pointer over time, as a curve with a mark at the shown time point. */
export class TimeCurve {
  readonly #card = byId('time-curve');
  readonly #highest = byId('curve-highest');
  readonly #lowest = byId('curve-lowest');
  readonly #svg = document.createElementNS(SVG, 'svg');
  readonly #line = document.createElementNS(SVG, 'path');
  readonly #marker = document.createElementNS(SVG, 'line');
  readonly #dots = document.createElementNS(SVG, 'g');
  #volume: StreamingImageVolume | undefined;
  #voxel: readonly number[] | undefined;

  constructor() {
    const { width, height } = ROOM;
    this.#svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
    this.#svg.setAttribute('role', 'img');
    this.#svg.setAttribute('aria-label', 'Value of the voxel under the pointer over time');
    this.#marker.setAttribute('y1', '0');
    this.#marker.setAttribute('y2', String(height));
    this.#svg.append(this.#marker, this.#line, this.#dots);
    byId('curve-picture').replaceChildren(this.#svg);
  }

  /** @param volume - undefined, or without several time points: there is no curve */
  offer(volume: StreamingImageVolume | undefined): void {
    this.#volume = volume;
    this.#card.hidden = !volume?.isDynamicVolume();
    this.point(undefined);
  }

  /** @param voxel - column, row and slice from 0 of the voxel under the pointer; undefined outside of the volume */
  point(voxel: readonly number[] | undefined): void {
    this.#voxel = voxel;
    this.draw();
  }

  /** To be called when a time point was loaded or another one is shown. */
  draw(): void {
    const volume = this.#volume;
    if (this.#card.hidden || !isStreamingDynamicImageVolume(volume)) {
      return;
    }
    const values = this.#voxel ? volume.getVoxelTimeSeries(this.#voxel) : [];
    const picture = curvePicture(
      values.map((value) => (typeof value === 'number' ? value : undefined)),
      ROOM,
    );
    const shown = picture?.points.find(
      ({ timePoint }) => timePoint === volume.dimensionGroupNumber - 1,
    );
    this.#line.setAttribute('d', picture?.path ?? '');
    this.#marker.style.visibility = shown ? 'visible' : 'hidden';
    this.#marker.setAttribute('x1', String(shown?.x ?? 0));
    this.#marker.setAttribute('x2', String(shown?.x ?? 0));
    this.#dots.replaceChildren(
      ...(picture?.points ?? []).map((point) => {
        const dot = document.createElementNS(SVG, 'circle');
        dot.setAttribute('cx', String(point.x));
        dot.setAttribute('cy', String(point.y));
        dot.setAttribute('r', point === shown ? '3.5' : '2');
        return dot;
      }),
    );
    this.#highest.textContent = picture ? valueText([picture.highest], '') : '–';
    this.#lowest.textContent = picture ? valueText([picture.lowest], '') : '–';
  }
}
