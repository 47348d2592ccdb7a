/**
 * The part of OHIF's app-config.js that differs between tests.
 *
 * @typedef {object} Site
 * @property {Record<string, unknown>} [options] of this package, as `streamingImageVolumeLoader`
 * @property {string} [token] sent with every request until the page sets another one
 */

/** @param {Site} site */
export function siteConfigSource({ options = {}, token }) {
  const config = {
    routerBasename: '/',
    extensions: ['/ext/extension.js', '/ext/site.js'],
    modes: [],
    // The tour would cover the viewports.
    customizationService: { 'ohif.tours': { $set: [] } },
    showStudyList: true,
    maxNumberOfWebWorkers: 3,
    showLoadingIndicator: true,
    strictZSpacingForVolumeViewport: true,
    maxNumRequests: { interaction: 100, thumbnail: 5, prefetch: 25 },
    investigationalUseDialog: { option: 'never' },
    defaultDataSourceName: 'dicomweb',
    dataSources: [
      {
        namespace: '@ohif/extension-default.dataSourcesModule.dicomweb',
        sourceName: 'dicomweb',
        configuration: {
          friendlyName: 'Files of the test',
          name: 'files',
          qidoRoot: '/dicomweb',
          wadoRoot: '/dicomweb',
          wadoUriRoot: '/dicomweb',
          qidoSupportsIncludeField: false,
          imageRendering: 'wadors',
          thumbnailRendering: 'wadors',
          enableStudyLazyLoad: true,
          supportsFuzzyMatching: false,
          supportsWildcard: false,
          singlepart: 'bulkdata,video',
          omitQuotationForMultipartRequest: true,
        },
      },
    ],
    streamingImageVolumeLoader: options,
  };
  return [
    `window.config = ${JSON.stringify(config, null, 2)};`,
    `window.ohifTest = { token: ${JSON.stringify(token ?? null)}, httpErrors: [], notifications: [] };`,
    'window.config.httpErrorHandler = (error) => window.ohifTest.httpErrors.push(String(error?.message));',
    '',
  ].join('\n');
}
