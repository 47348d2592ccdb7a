/**
 * The parts of the OHIF viewer (3.13) that the extension uses, as structural types: it compiles and runs
 * without OHIF's packages.
 */

/** A notification of OHIF's `uiNotificationService`. */
export interface OhifNotification {
  /** Of several notifications with one id, the newest is shown. */
  readonly id: string;
  readonly title: string;
  readonly message: string;
  readonly type: 'error' | 'info' | 'success' | 'warning';
  /** How long it is shown, in ms. */
  readonly duration: number;
  /** Without, OHIF shows the same error once in 30 s. */
  readonly allowDuplicates: boolean;
  readonly action: { readonly label: string; readonly onClick: () => void };
}

/** OHIF's short messages at the edge of the screen. */
export interface OhifNotificationService {
  show(notification: OhifNotification): unknown;
  hide(id: string): void;
}

/** OHIF's registry of values that a site may replace, by name. */
export interface OhifCustomizationService {
  getCustomization(customizationId: string): unknown;
}

/** OHIF's services, by name. */
export interface OhifServicesManager {
  readonly services: {
    readonly uiNotificationService?: OhifNotificationService | undefined;
    readonly customizationService?: OhifCustomizationService | undefined;
  };
}

/** What OHIF gives to `preRegistration`; more than is named here. */
export interface OhifRegistration {
  readonly servicesManager: OhifServicesManager;
  /** `window.config` of the site. */
  readonly appConfig?: { readonly streamingImageVolumeLoader?: unknown } | undefined;
  /** The second entry of `[extension, configuration]` in `window.config.extensions`; `{}` otherwise. */
  readonly configuration?: unknown;
}

/** What OHIF gives to the hooks of a mode; more than is named here. */
export interface OhifModeContext {
  readonly servicesManager: OhifServicesManager;
}

/** An extension, as OHIF's extension manager takes it. */
export interface OhifExtension {
  readonly id: string;
  /** Awaited at the start of the application, in the order in which extensions are listed. */
  preRegistration(registration: OhifRegistration): void;
  /** Called when a mode is entered, before its hanging protocol makes any volume. */
  onModeEnter(context: OhifModeContext): void;
  /** Called when a mode is left, before OHIF's services drop their viewports and the cache. */
  onModeExit(context: OhifModeContext): void;
  /** Default values of what the customization service has by name. */
  getCustomizationModule(): readonly { readonly name: string; readonly value: object }[];
}
