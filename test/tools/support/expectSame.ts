/** Cornerstone's own loader finds directions and the distance of slices in single precision. */
const RELATIVE_TOLERANCE = 1e-6;

const sameNumber: jasmine.CustomEqualityTester = (a: unknown, b: unknown) =>
  typeof a === 'number' && typeof b === 'number' && Number.isFinite(a) && Number.isFinite(b)
    ? Math.abs(a - b) <= RELATIVE_TOLERANCE * Math.max(1, Math.abs(a), Math.abs(b))
    : undefined;

/** Expects the same on the volumes of both loaders, but for the rounding of a computation. */
export function expectSame({ ours, builtIn }: { ours: unknown; builtIn: unknown }): void {
  jasmine.addCustomEqualityTester(sameNumber);
  expect(ours).toEqual(builtIn);
}
