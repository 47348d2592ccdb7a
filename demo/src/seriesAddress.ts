const PARAMETER = 'series';

/** The name of the series that the address of the page asks for, if it asks for one. */
export function seriesOfAddress(): string | undefined {
  return new URLSearchParams(location.search).get(PARAMETER) ?? undefined;
}

/** Makes the address one that opens this series; other parameters stay. */
export function setSeriesOfAddress(name: string): void {
  const address = new URL(location.href);
  address.searchParams.set(PARAMETER, name);
  history.replaceState(history.state, '', address);
}
