/**
 * Gives an object properties whose values are found on first use. They can be assigned like any other,
 * as Cornerstone does with some fields of an Image.
 */
export function defineLazy<T extends object>(
  target: T,
  makers: Readonly<Record<string, () => unknown>>,
): T {
  for (const [name, make] of Object.entries(makers)) {
    const settle = (value: unknown): void => {
      Object.defineProperty(target, name, {
        value,
        writable: true,
        enumerable: true,
        configurable: true,
      });
    };
    Object.defineProperty(target, name, {
      get: () => {
        const value = make();
        settle(value);
        return value;
      },
      set: settle,
      enumerable: true,
      configurable: true,
    });
  }
  return target;
}
