/**
 * The bytes of a frame, which its fragments are in pieces (PS3.5 A.4): a copy with memory of its own, so that
 * nothing else goes along when it is given to a worker.
 */
export function joinFragments(fragments: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(fragments.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const fragment of fragments) {
    bytes.set(fragment, at);
    at += fragment.length;
  }
  return bytes;
}
