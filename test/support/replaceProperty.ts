/**
 * Gives an object another property; undefined takes it away.
 *
 * @returns puts the property back
 */
export function replaceProperty(owner: object, name: string, value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(owner, name);
  if (value === undefined) {
    Reflect.deleteProperty(owner, name);
  } else {
    Object.defineProperty(owner, name, { configurable: true, writable: true, value });
  }
  return () => {
    Reflect.deleteProperty(owner, name);
    if (before) {
      Object.defineProperty(owner, name, before);
    }
  };
}
