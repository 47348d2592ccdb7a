/**
 * What is used of dicom-parser. It is CommonJS in a form whose names Node does not find: the default import is
 * the one that Node, bundlers and test runners all understand.
 */
import dicomParser from 'dicom-parser';

export const {
  bigEndianByteArrayParser,
  ByteStream,
  littleEndianByteArrayParser,
  parseDicom,
  readDicomElementExplicit,
  readDicomElementImplicit,
  readFixedString,
  readTag,
} = dicomParser;
