/**
 * The extension for the OHIF viewer 3.13: its volumes are streamed by this package.
 *
 * In OHIF's pluginConfig.json, after `@ohif/extension-cornerstone`:
 *
 *     { "packageName": "streaming-image-volume-loader/ohif" }
 *
 * @packageDocumentation
 */
import { createExtension } from './createExtension.js';

export { createExtension, EXTENSION_ID } from './createExtension.js';
export type { OhifOptions } from './ohifOptions.js';
export { TEXTS_ID } from './ohifOptions.js';
export type { ImageCounts, OhifTexts } from './ohifOptions.js';
export type {
  OhifCustomizationService,
  OhifExtension,
  OhifModeContext,
  OhifNotification,
  OhifNotificationService,
  OhifRegistration,
  OhifServicesManager,
} from './ohifTypes.js';

/** The extension, as OHIF imports it. */
export default createExtension();
