/**
 * Source of a script that runs before OHIF's: it records which frames the page itself requests, and counts
 * the frame workers.
 */
export const SPIES = `
  window.ohifSpies = { framesOfPage: [], frameWorkers: 0, frameWorkersStarted: 0 };
  const { open } = XMLHttpRequest.prototype;
  XMLHttpRequest.prototype.open = function (method, url, ...rest) {
    if (String(url).includes('/frames/')) window.ohifSpies.framesOfPage.push(String(url));
    return open.call(this, method, url, ...rest);
  };
  const { fetch: pageFetch } = window;
  window.fetch = (resource, ...rest) => {
    const url = String(resource?.url ?? resource);
    if (url.includes('/frames/')) window.ohifSpies.framesOfPage.push(url);
    return pageFetch(resource, ...rest);
  };
  const PageWorker = window.Worker;
  window.Worker = class extends PageWorker {
    constructor(url, ...rest) {
      super(url, ...rest);
      if (!/frameWorker/.test(String(url))) return;
      window.ohifSpies.frameWorkers += 1;
      window.ohifSpies.frameWorkersStarted += 1;
      const { terminate } = this;
      this.terminate = () => {
        window.ohifSpies.frameWorkers -= 1;
        terminate.call(this);
      };
    }
  };
`;
