/** What reads the bytes of DICOM files, with dicom-parser: a script of its own, as `part10Reader.ts` says. */
export { fetchHeader } from './fetchHeader.js';
export { readPart10File } from './readPart10File.js';
