/**
 * Frame indices from one frame outwards, to both sides in turn.
 *
 * @param count - number of frames
 * @param centre - the frame that comes first, default the middle one, `floor(count / 2)`; one
 *   beyond an end is taken as that end
 * @returns each index from 0 to `count - 1` once: centre, centre + 1, centre - 1, centre + 2 ...
 */
export function centerOut(count: number, centre: number = Math.floor(count / 2)): number[] {
  const start = Math.min(Math.max(centre, 0), count - 1);
  const order: number[] = [];
  for (let distance = 0; order.length < count; distance++) {
    if (start + distance < count) {
      order.push(start + distance);
    }
    if (distance > 0 && start - distance >= 0) {
      order.push(start - distance);
    }
  }
  return order;
}

/** Frame indices as they lie, from 0 to `count - 1`. */
export function topToBottom(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
