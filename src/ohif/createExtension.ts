import {
  registerStreamingImageVolumeLoader,
  unregisterStreamingImageVolumeLoader,
} from '../index.js';
import { FailureReports } from './FailureReports.js';
import { LoadOverlays, streamingVolumes } from './LoadOverlays.js';
import { ENGLISH_TEXTS, readOptions, readTexts, TEXTS_ID } from './ohifOptions.js';
import type { ExtensionSettings } from './ohifOptions.js';
import type { OhifExtension } from './ohifTypes.js';

/** The id of the extension; the same as its `packageName` in OHIF's pluginConfig.json. */
export const EXTENSION_ID = 'streaming-image-volume-loader/ohif';

/**
 * Makes the extension that lets OHIF load its volumes with this package.
 *
 * It registers the volume loader when it is registered itself and whenever a mode is entered. It has to be listed
 * after `@ohif/extension-cornerstone`, which registers loaders of its own that would replace this one.
 *
 * @returns an extension whose `preRegistration` throws a TypeError for a wrong option, and a
 *   StreamingVolumeError with code `second-vtk`
 */
export function createExtension(): OhifExtension {
  let settings: ExtensionSettings = readOptions(undefined, undefined);
  let leaveMode = (): void => undefined;
  return {
    id: EXTENSION_ID,

    preRegistration({ appConfig, configuration }) {
      settings = readOptions(appConfig?.streamingImageVolumeLoader, configuration);
      if (settings.isEnabled) {
        registerStreamingImageVolumeLoader(settings.registerOptions);
      }
    },

    onModeEnter({ servicesManager }) {
      leaveMode();
      if (!settings.isEnabled) {
        return;
      }
      const { uiNotificationService, customizationService } = servicesManager.services;
      registerStreamingImageVolumeLoader(settings.registerOptions);
      const texts = readTexts(customizationService);
      const reports =
        settings.hasNotifications && uiNotificationService
          ? new FailureReports(uiNotificationService, texts)
          : undefined;
      const overlays = settings.hasOverlay
        ? new LoadOverlays(texts, reports?.retry ?? ((volume) => void volume.retryFailedFrames()))
        : undefined;
      leaveMode = () => {
        leaveMode = () => undefined;
        overlays?.dispose();
        reports?.dispose();
        for (const volume of streamingVolumes()) {
          volume.cancelLoading();
        }
        unregisterStreamingImageVolumeLoader();
      };
    },

    onModeExit() {
      leaveMode();
    },

    getCustomizationModule() {
      return [{ name: 'default', value: { [TEXTS_ID]: ENGLISH_TEXTS } }];
    },
  };
}
