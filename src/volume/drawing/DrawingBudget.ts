/** What a volume requires of the renders that its frames ask for. */
export interface DrawingTerms {
  readonly volumeId: string;
  /** Largest part of the time that these renders may take, above 0 and up to 1. */
  readonly share: number;
  /** Least time between two renders of a viewport, in ms. */
  readonly intervalMs: number;
}

/** What a picture would show of a volume. */
export interface Coverage {
  /** Whether slices are missing in gaps too large for the picture to be recognisable. */
  readonly isSparse: boolean;
  /** Whether the first picture waits while it would be sparse, for a limited time. */
  readonly waitsWhileSparse: boolean;
}

/** What is to be drawn next: a picture now, or none before some time has passed. */
export type NextPicture = { readonly key: string } | { readonly waitMs: number };

/** How many renders the estimate of a picture's cost is the mean of. */
const MEASURED_RENDERS = 3;
/** A picture that asked for nothing for this long has no part of the budget. */
const ACTIVE_MS = 2000;
/** A render that takes longer is felt by a person that scrolls. */
const FELT_MS = 50;
/** A person that has caused no render for this long has stopped scrolling. */
const PAUSE_MS = 500;
/** The first picture waits this long for the slices that make it recognisable. */
const SPARSE_WAIT_MS = 1000;
const COVERED: Coverage = { isSparse: false, waitsWhileSparse: false };

/** A picture: what is drawn at one time, usually one viewport. */
interface Picture {
  /** Of the volumes in it that are loading. */
  readonly terms: Map<string, DrawingTerms>;
  /** Of the last renders in ms, the last one at the end. */
  costs: number[];
  measuredCount: number;
  /** Start of the last render. */
  drawnAt: number;
  /** Time of the last request. */
  requestedAt: number;
  /** A number that grows, of the first request that is not drawn; undefined where everything is drawn. */
  order: number | undefined;
  isUrgent: boolean;
  /** Of the volumes in it that are loading, those of which it would be sparse. */
  readonly sparse: Set<string>;
  /** An urgent picture waits until then. */
  waitsUntil: number;
}

/**
 * Decides when pictures are drawn while frames arrive, so that drawing takes at most a share of the time.
 *
 * A picture is drawn again `cost / part` after the start of its last render, or `intervalMs` after it if that is later.
 * Its cost is the mean of its last renders. The parts add up to the share (max-min fairness): a picture that needs less
 * than an equal part leaves the rest to the others. Urgent pictures do not wait: of each volume that is loading the
 * first one, the first one that is not sparse, and the last one. Where drawing takes long, the next picture after a
 * sparse one would come late, so that first pictures in 3D wait up to a second for more slices.
 *
 * All volumes of a page share one budget. It keeps no time of its own: each call says what time it is, in ms.
 */
export class DrawingBudget {
  readonly #pictures = new Map<string, Picture>();
  #requests = 0;
  #interactedAt = -Infinity;

  /** A picture does not show what it should any more. */
  request(key: string, terms: DrawingTerms, now: number, coverage = COVERED): void {
    const { volumeId } = terms;
    const picture = this.#pictures.get(key) ?? {
      terms: new Map<string, DrawingTerms>(),
      costs: [],
      measuredCount: 0,
      drawnAt: -Infinity,
      requestedAt: now,
      order: undefined,
      isUrgent: false,
      sparse: new Set<string>(),
      waitsUntil: -Infinity,
    };
    this.#pictures.set(key, picture);
    const isFirst = !picture.terms.has(volumeId);
    if (isFirst && coverage.isSparse && coverage.waitsWhileSparse) {
      picture.waitsUntil = now + SPARSE_WAIT_MS;
    }
    if (coverage.isSparse) {
      picture.sparse.add(volumeId);
    }
    const isFirstCovered = !coverage.isSparse && picture.sparse.delete(volumeId);
    if (picture.sparse.size === 0 && picture.waitsUntil > now) {
      picture.waitsUntil = -Infinity;
      // Behind the pictures that are requested now.
      picture.order = undefined;
    }
    picture.isUrgent ||= isFirst || isFirstCovered;
    picture.terms.set(volumeId, terms);
    picture.requestedAt = now;
    this.#requests += 1;
    picture.order ??= this.#requests;
  }

  /** What to draw now, or how long to wait for it; undefined where everything is drawn. */
  next(now: number): NextPicture | undefined {
    const waiting = [...this.#pictures].filter(([, { order }]) => order !== undefined);
    const urgent = waiting
      .filter(([, { isUrgent, waitsUntil }]) => isUrgent && waitsUntil <= now)
      .sort(([, a], [, b]) => (a.order as number) - (b.order as number));
    if (urgent[0]) {
      return { key: urgent[0][0] };
    }
    const parts = divideShares(this.#active(now));
    const due = waiting
      .map(([key, picture]) => ({ key, dueAt: this.#dueAt(picture, parts.get(picture) ?? 1) }))
      .sort((a, b) => a.dueAt - b.dueAt);
    const [first] = due;
    return first && (first.dueAt <= now ? { key: first.key } : { waitMs: first.dueAt - now });
  }

  /** A picture is drawn with all that was requested so far, whoever has asked for the render. */
  drawn(key: string, startedAt: number): void {
    const picture = this.#pictures.get(key);
    if (picture) {
      picture.drawnAt = startedAt;
      picture.order = undefined;
      picture.isUrgent = false;
      picture.waitsUntil = -Infinity;
    }
  }

  /**
   * Records how long a render took, uploads and the work of the GPU included. The first render of a picture counts
   * until there is a second one: it compiles shaders and allocates textures.
   */
  measured(key: string, costMs: number): void {
    const picture = this.#pictures.get(key);
    if (picture) {
      const former = picture.measuredCount === 1 ? [] : picture.costs;
      picture.costs = [...former, costMs].slice(-MEASURED_RENDERS);
      picture.measuredCount += 1;
    }
  }

  /** Expected time of a render in ms; 0 where none was measured. */
  costOf(key: string): number {
    const picture = this.#pictures.get(key);
    return picture ? meanCost(picture) : 0;
  }

  /**
   * A person has caused a render. Renders that such a person would feel wait for a pause, but no longer than they have
   * waited already.
   */
  interacted(now: number): void {
    this.#interactedAt = now;
  }

  /** The load of a volume has ended, or the volume is removed: what is not drawn of it is urgent. */
  endLoad(volumeId: string): void {
    for (const picture of this.#pictures.values()) {
      if (picture.terms.delete(volumeId)) {
        picture.isUrgent = true;
        picture.sparse.delete(volumeId);
        picture.waitsUntil = -Infinity;
      }
    }
  }

  /** Whether a picture is to be drawn, or shows a volume that is loading. */
  isActive(key: string): boolean {
    const picture = this.#pictures.get(key);
    return picture !== undefined && (picture.order !== undefined || picture.terms.size > 0);
  }

  /** A picture is no more, or is not active any more. */
  forget(key: string): void {
    this.#pictures.delete(key);
  }

  #dueAt(picture: Picture, part: number): number {
    if (picture.isUrgent) {
      return picture.waitsUntil;
    }
    const cost = meanCost(picture);
    const period = Math.max(intervalOf(picture), cost / part);
    const dueAt = picture.drawnAt + period;
    return cost > FELT_MS
      ? Math.max(dueAt, Math.min(this.#interactedAt + PAUSE_MS, dueAt + period))
      : dueAt;
  }

  /** The pictures among which the share is divided. */
  #active(now: number): Picture[] {
    return [...this.#pictures.values()].filter(
      ({ order, terms, requestedAt }) =>
        order !== undefined || (terms.size > 0 && now - requestedAt < ACTIVE_MS),
    );
  }
}

/**
 * The part of the time that each picture may take. Volumes with a small share have that one together, and those with a
 * larger one the rest of it.
 */
function divideShares(pictures: readonly Picture[]): Map<Picture, number> {
  const parts = new Map<Picture, number>();
  const shares = [...new Set(pictures.map(shareOf))].sort((a, b) => a - b);
  for (const share of shares) {
    const needs = pictures
      .filter((picture) => shareOf(picture) <= share)
      .map((picture) => ({
        picture,
        need: Math.min(needOf(picture), parts.get(picture) ?? Infinity),
      }))
      .sort((a, b) => a.need - b.need);
    let rest = share;
    needs.forEach(({ picture, need }, index) => {
      const part = rest / (needs.length - index);
      parts.set(picture, Math.min(part, parts.get(picture) ?? Infinity));
      rest -= Math.min(part, need);
    });
  }
  return parts;
}

/** The part of the time that a picture takes when it is drawn at its interval. */
function needOf(picture: Picture): number {
  const cost = meanCost(picture);
  return cost === 0 ? 0 : cost / intervalOf(picture);
}

function meanCost({ costs }: Picture): number {
  return costs.reduce((sum, cost) => sum + cost, 0) / Math.max(1, costs.length);
}

/** 0 where all loads have ended. */
function intervalOf({ terms }: Picture): number {
  return terms.size === 0
    ? 0
    : Math.min(...[...terms.values()].map(({ intervalMs }) => intervalMs));
}

/** Of several volumes the largest; 1 where all loads have ended. */
function shareOf({ terms }: Picture): number {
  return terms.size === 0 ? 1 : Math.max(...[...terms.values()].map(({ share }) => share));
}
