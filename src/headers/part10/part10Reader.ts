import { lazyPart } from '../../base/lazyPart.js';

/** The reader of DICOM files: applications whose frames come from DICOMweb alone do not fetch it. */
export const part10Reader = lazyPart('the reader of DICOM files', () => import('./readers.js'));
