/** How good the pixels of a frame are, as Cornerstone's ImageQualityStatus counts. */
export const IMAGE_QUALITY = {
  /** A copy of a frame that lies further away. */
  farReplicate: 1,
  /** Its own pixels, with fewer rows and columns; below this they are another frame's. */
  subresolution: 6,
  /** All that there is. */
  full: 8,
} as const;
