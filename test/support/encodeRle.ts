/**
 * Encodes a native little-endian frame in RLE Lossless (PS3.5 G), each row of bytes as literal runs: a segment
 * for each byte of the pixel cells, the highest first.
 */
export function encodeRle(frame: Uint8Array, bytesPerCell: number): Uint8Array {
  const segments = Array.from({ length: bytesPerCell }, (_, segment) => {
    const place = bytesPerCell - 1 - segment;
    const bytes = [...frame].filter((__, i) => i % bytesPerCell === place);
    const runs: number[] = [];
    for (let start = 0; start < bytes.length; start += 128) {
      const run = bytes.slice(start, start + 128);
      runs.push(run.length - 1, ...run);
    }
    return runs.length % 2 === 0 ? runs : [...runs, 0x80];
  });
  const header = new DataView(new ArrayBuffer(64));
  header.setUint32(0, bytesPerCell, true);
  let offset = 64;
  segments.forEach((segment, i) => {
    header.setUint32(4 * (i + 1), offset, true);
    offset += segment.length;
  });
  return Uint8Array.from([...new Uint8Array(header.buffer), ...segments.flat()]);
}
