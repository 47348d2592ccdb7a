/** The number of a frame, from 1, as DICOMweb has it in its address (PS3.18 10.4); undefined where there is none. */
export function frameInPath(imageId: string): number | undefined {
  const [, digits] = /\/frames\/(\d+)/.exec(imageId) ?? [];
  return digits === undefined ? undefined : Number(digits);
}
