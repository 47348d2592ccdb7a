/** Runs a function after some milliseconds and returns what takes that back. */
export type Timer = (run: () => void, milliseconds: number) => () => void;

/** The timer of the page, or of the worker that it runs in. */
export const browserTimer: Timer = (run, milliseconds) => {
  const handle = setTimeout(run, milliseconds);
  return () => {
    clearTimeout(handle);
  };
};
