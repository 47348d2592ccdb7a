/** What scripts/runCodeBlocks.mjs tells the page of the series that the server has. */
export interface Facts {
  readonly wadoRsRoot: string;
  /** Of the CT. */
  readonly slices: number;
  readonly size: number;
  readonly sumOfVoxels: number;
  /** Of the series of several time points. */
  readonly timePoints: number;
}

/** What the page asks of the server. */
export type ServerAction =
  | { readonly name: 'hold' | 'serve' | 'requested' | 'inFlight' }
  | { readonly name: 'release' | 'fail'; readonly count: number };
