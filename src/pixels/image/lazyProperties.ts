/**
 * Describes properties whose values are found on first use, for `Object.defineProperties`. They can be
 * assigned like any other, as Cornerstone does with some fields of an Image.
 *
 * Made once for all objects that get them: with functions of its own, each of those would be slow to make
 * and to read.
 *
 * @param makers - get the object that is asked
 */
export function lazyProperties<T extends object>(
  makers: Readonly<Record<string, (target: T) => unknown>>,
): PropertyDescriptorMap & ThisType<T> {
  const descriptors = Object.entries(makers).map(([name, make]) => {
    const descriptor: PropertyDescriptor & ThisType<T> = {
      get() {
        const value = make(this);
        settle(this, name, value);
        return value;
      },
      set(value: unknown) {
        settle(this, name, value);
      },
      enumerable: true,
      configurable: true,
    };
    return [name, descriptor] as const;
  });
  return Object.fromEntries(descriptors);
}

/** Makes a property one with a value, whatever it was. */
export function settle(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}
