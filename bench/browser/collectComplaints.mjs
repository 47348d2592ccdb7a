/**
 * @typedef {import('devtools-protocol').Protocol.Runtime.ExceptionDetails} ExceptionDetails
 * @typedef {import('devtools-protocol').Protocol.Runtime.RemoteObject} RemoteObject
 */

/**
 * Collects the errors of a page and its workers: errors in the console, and exceptions.
 *
 * @param {Pick<import('./BrowserPage.mjs').BrowserPage, 'on' | 'send'>} page
 * @param {(complaint: string) => void} report
 */
export async function collectComplaints(page, report) {
  page.on('Runtime.exceptionThrown', ({ exceptionDetails }) => {
    report(describeException(exceptionDetails));
  });
  page.on('Runtime.consoleAPICalled', ({ type, args }) => {
    if (type === 'error') report(args.map(describeValue).join(' '));
  });
  // The Log domain has messages of the browser, such as a response of 404, and the consoles of workers.
  page.on('Log.entryAdded', ({ entry }) => {
    if (entry.level === 'error') report(entry.text);
  });
  await Promise.all([page.send('Runtime.enable'), page.send('Log.enable')]);
}

/**
 * @param {ExceptionDetails} details
 * @returns {string} the message, without the stack
 */
export function describeException({ text, exception }) {
  return exception === undefined ? text : describeValue(exception);
}

/** @param {RemoteObject} object */
function describeValue({ value, description }) {
  return description?.replace(/\n {4}at [^]*$/, '') ?? String(value);
}
