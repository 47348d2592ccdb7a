/**
 * What is used of dicom-parser. It is CommonJS in a form whose names Node does not find: the default import is
 * the one that Node, bundlers and test runners all understand.
 */
import dicomParser from 'dicom-parser';
import type { ByteArrayParser, DataSet, Element } from 'dicom-parser';

export const { bigEndianByteArrayParser, littleEndianByteArrayParser, readFixedString } =
  dicomParser;

/** Makes a data set, as dicom-image-loader reads it, of elements; its types leave out that it is a class. */
export function createDataSet(
  parser: ByteArrayParser,
  bytes: Uint8Array,
  elements: Record<string, Element>,
): DataSet {
  const { DataSet: Constructor } = dicomParser as unknown as {
    DataSet: new (...parts: [ByteArrayParser, Uint8Array, Record<string, Element>]) => DataSet;
  };
  return new Constructor(parser, bytes, elements);
}
