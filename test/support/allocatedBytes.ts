/** More is not allocated: it would only take time. */
const MOST = 2 ** 28;

/** The bytes of arrays that a function allocates by their length, also where it throws. */
export function allocatedBytes(run: () => unknown): number {
  const scope = globalThis as unknown as Record<string, new (...args: unknown[]) => object>;
  const names = ['Uint8Array', 'Uint16Array', 'Int16Array', 'Int32Array', 'Uint32Array'];
  const own = names.map((name) => [name, scope[name] as (typeof scope)[string]] as const);
  let bytes = 0;
  for (const [name, ArrayClass] of own) {
    scope[name] = new Proxy(ArrayClass, {
      construct(target, args: unknown[], newTarget) {
        if (typeof args[0] === 'number') {
          bytes += args[0] * (target as unknown as { BYTES_PER_ELEMENT: number }).BYTES_PER_ELEMENT;
          if (bytes > MOST) {
            throw new RangeError(`more than ${MOST} bytes`);
          }
        }
        return Reflect.construct<unknown[], object>(target, args, newTarget as typeof target);
      },
    });
  }
  try {
    run();
  } catch {
    // Only the bytes count.
  } finally {
    Object.assign(scope, Object.fromEntries(own));
  }
  return bytes;
}
