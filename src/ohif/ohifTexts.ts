import type { OhifCustomizationService } from './ohifTypes.js';

/** The texts that users read, which a site may replace (see {@link TEXTS_ID}). */
export interface OhifTexts {
  /** While images are loaded. */
  readonly loading: (counts: ImageCounts) => string;
  /** Where images could not be loaded; of a viewport or of one volume. */
  readonly failed: (counts: ImageCounts) => string;
  /** On the button that loads them once more. */
  readonly retry: string;
  /** Heading of the notification. */
  readonly failedTitle: string;
}

/** Of the images of one volume, or of all that a viewport shows. */
export interface ImageCounts {
  readonly loaded: number;
  readonly failed: number;
  readonly total: number;
}

/** The name of the texts in OHIF's customization service. */
export const TEXTS_ID = 'streamingImageVolumeLoader.texts';

/** The texts in English. */
export const ENGLISH_TEXTS: OhifTexts = {
  loading: ({ loaded, total }) => `Loading ${loaded} of ${total}`,
  failed: ({ failed, total }) =>
    failed === 1 ? `1 of ${total} images failed` : `${failed} of ${total} images failed`,
  retry: 'Retry',
  failedTitle: 'Images could not be loaded',
};

/** The texts of the site, in English where it has none. */
export function readTexts(customizations: OhifCustomizationService | undefined): OhifTexts {
  const own = customizations?.getCustomization(TEXTS_ID) as Partial<OhifTexts> | undefined;
  return { ...ENGLISH_TEXTS, ...own };
}
