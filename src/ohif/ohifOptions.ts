import type { RegisterOptions, StandInOnScreen } from '../index.js';
import type { OhifCustomizationService } from './ohifTypes.js';

/** Options of the OHIF extension, besides the options of `registerStreamingImageVolumeLoader`. */
export interface OhifOptions extends RegisterOptions {
  /** Whether the extension is active. Default true. */
  readonly enabled?: boolean | undefined;
  /** Whether viewports show the progress of their volumes, and how many images failed. Default true. */
  readonly overlay?: boolean | undefined;
  /** Whether OHIF's notifications report images that could not be loaded. Default true. */
  readonly notifications?: boolean | undefined;
}

/** The checked options; the options of the registration are apart. */
export interface ExtensionSettings {
  readonly isEnabled: boolean;
  readonly hasOverlay: boolean;
  readonly hasNotifications: boolean;
  readonly registerOptions: RegisterOptions;
}

const FLAGS = ['enabled', 'overlay', 'notifications'] as const;

/**
 * @param site - `streamingImageVolumeLoader` of OHIF's `window.config`
 * @param configuration - of the extension; takes precedence
 * @throws TypeError that names the option, what it expects and what it got
 */
export function readOptions(site: unknown, configuration: unknown): ExtensionSettings {
  const options: OhifOptions = {
    ...checkObject('streamingImageVolumeLoader of the application configuration', site),
    ...given(checkObject('the configuration of the extension', configuration)),
  };
  for (const flag of FLAGS) {
    const value = options[flag];
    if (value !== undefined && typeof value !== 'boolean') {
      throw new TypeError(`Expected ${flag} to be a boolean, got ${typeof value}`);
    }
  }
  const { enabled = true, overlay = true, notifications = true, ...registerOptions } = options;
  return {
    isEnabled: enabled,
    hasOverlay: overlay,
    hasNotifications: notifications,
    registerOptions,
  };
}

/** The members that are not undefined: one that is means the default, as one that is left out does. */
function given<T extends object>(members: T): T {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined),
  ) as T;
}

function checkObject(name: string, value: unknown): OhifOptions {
  if (value === undefined || value === null) {
    return {};
  }
  if (typeof value !== 'object') {
    throw new TypeError(`Expected ${name} to be an object, got ${typeof value}`);
  }
  return value;
}

/** The texts that users read, which a site may replace (see {@link TEXTS_ID}). */
export interface OhifTexts {
  /** While images are loaded. */
  readonly loading: (counts: ImageCounts) => string;
  /** For images that could not be loaded, of a viewport or of one volume. */
  readonly failed: (counts: ImageCounts) => string;
  /** On a viewport in the acquisition plane that shows another slice until its own is there. */
  readonly standIn: (standIn: StandInOnScreen) => string;
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
  standIn: ({ sliceIndex, shownSliceIndex }) => {
    const distance = Math.abs(shownSliceIndex - sliceIndex);
    return `Not loaded yet. Shown: ${distance === 1 ? 'the next slice' : `a slice ${distance} away`}`;
  },
  retry: 'Retry',
  failedTitle: 'Images could not be loaded',
};

/** The texts of the site, in English where it has none. */
export function readTexts(customizations: OhifCustomizationService | undefined): OhifTexts {
  const own = customizations?.getCustomization(TEXTS_ID) as Partial<OhifTexts> | undefined;
  return { ...ENGLISH_TEXTS, ...given(own ?? {}) };
}
