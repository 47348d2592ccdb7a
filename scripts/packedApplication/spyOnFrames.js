/**
 * Counts in a page the frames that the page and that frame workers fetch, and those that dicom-image-loader decodes; runs before the scripts of the page.
 */
{
  const fetches = {
    byWorkers: 0,
    frameWorkers: 0,
    byXMLHttpRequest: 0,
    byFetch: 0,
    decodedByLoader: 0,
  };
  window.__fetches = fetches;
  const isFrame = (url) => String(url instanceof Request ? url.url : url).includes('/frames/');

  const openRequest = Object.getOwnPropertyDescriptor(XMLHttpRequest.prototype, 'open').value;
  XMLHttpRequest.prototype.open = function open(...args) {
    fetches.byXMLHttpRequest += Number(isFrame(args[1]));
    Reflect.apply(openRequest, this, args);
  };
  const fetch = window.fetch.bind(window);
  window.fetch = (...args) => {
    fetches.byFetch += Number(isFrame(args[0]));
    return fetch(...args);
  };
  window.Worker = class extends Worker {
    constructor(...args) {
      super(...args);
      // Only frame workers send lists of reports (src/pixels/worker/frameMessages.ts).
      this.addEventListener('message', ({ data }) => {
        for (const { type } of Array.isArray(data) ? data : []) {
          fetches.frameWorkers += Number(type === 'ready');
          fetches.byWorkers += Number(type === 'ended');
        }
      });
    }

    postMessage(message, ...rest) {
      // A call of comlink (dicom-image-loader's decodeImageFrameWorker.js).
      fetches.decodedByLoader += Number(message?.path?.includes('decodeTask') === true);
      super.postMessage(message, ...rest);
    }
  };
}
