import type { ResponseHead } from '../../../src/base/transport/XhrStandIn.js';
import { XhrStandIn } from '../../../src/base/transport/XhrStandIn.js';

const HEAD: ResponseHead = {
  status: 206,
  statusText: 'Partial Content',
  url: 'http://localhost/elsewhere',
  headers: [
    ['content-type', 'text/plain'],
    ['x-frame', '7'],
  ],
};

describe('XhrStandIn', () => {
  let real: XMLHttpRequest | undefined;
  let tookOver: string[];
  let tooLate: string[];
  let aborts: number;
  let standIn: XhrStandIn;
  let xhr: XMLHttpRequest & { tag?: string };

  beforeEach(() => {
    [real, tookOver, tooLate, aborts] = [undefined, [], [], 0];
    standIn = new XhrStandIn({
      createReal: (what) => {
        tookOver.push(what);
        real = new XMLHttpRequest();
        return real;
      },
      onTooLate: (what) => tooLate.push(what),
      onAbort: () => {
        aborts += 1;
      },
    });
    xhr = standIn.xhr;
  });

  it('passes for an XMLHttpRequest', () => {
    expect(xhr).toBeInstanceOf(XMLHttpRequest);
    expect(xhr).toBeInstanceOf(EventTarget);
    expect(Object.prototype.toString.call(xhr)).toBe('[object XMLHttpRequest]');
    expect([xhr.UNSENT, xhr.DONE]).toEqual([0, 4]);
    expect('upload' in xhr).toBeTrue();
    expect(tookOver).toEqual([]);
  });

  it('records what is to be sent, and has no request of its own', () => {
    expect(xhr.readyState).toBe(0);
    expect(() => {
      xhr.setRequestHeader('X-Early', '1');
    }).toThrowError(DOMException);
    xhr.open('get', 'http://localhost/frame', true);
    xhr.setRequestHeader('Authorization', 'Bearer token');
    xhr.setRequestHeader('X-List', 'a');
    xhr.setRequestHeader('x-list', 'b');
    xhr.withCredentials = true;
    xhr.timeout = 500;
    xhr.responseType = 'json';
    xhr.overrideMimeType('text/plain');
    xhr.tag = 'mine';
    expect(xhr.readyState).toBe(1);
    expect(standIn.url).toBe('http://localhost/frame');
    expect(standIn.requestHeaders).toEqual([
      ['Authorization', 'Bearer token'],
      ['X-List', 'a'],
      ['x-list', 'b'],
    ]);
    expect([standIn.withCredentials, standIn.timeout]).toEqual([true, 500]);
    expect([xhr.withCredentials, xhr.timeout, xhr.tag]).toEqual([true, 500, 'mine']);
    expect(tookOver).toEqual([]);
  });

  it('tells what is known of the response', () => {
    xhr.open('GET', '/frame');
    standIn.send();
    expect([xhr.status, xhr.statusText, xhr.responseURL, xhr.response]).toEqual([0, '', '', null]);
    expect(xhr.getResponseHeader('X-Frame')).toBeNull();
    standIn.receive(HEAD, 2);
    expect(xhr.readyState).toBe(2);
    const body = new ArrayBuffer(3);
    standIn.end(HEAD, body);
    expect(xhr.readyState).toBe(4);
    expect([xhr.status, xhr.statusText, xhr.responseURL]).toEqual([
      206,
      'Partial Content',
      'http://localhost/elsewhere',
    ]);
    expect(xhr.response).toBe(body);
    expect(xhr.responseType).toBe('arraybuffer');
    expect(xhr.getResponseHeader('X-Frame')).toBe('7');
    expect(xhr.getAllResponseHeaders()).toBe('content-type: text/plain\r\nx-frame: 7\r\n');
    expect([tookOver, tooLate]).toEqual([[], []]);
  });

  it('tells listeners and handlers, whose event and this are the stand-in', () => {
    const told: string[] = [];
    const listener = function (this: unknown, { type, target }: Event): void {
      told.push(`${type} ${String(this === xhr && target === xhr)}`);
    };
    const removed = jasmine.createSpy('removed');
    xhr.addEventListener('load', listener);
    xhr.addEventListener('progress', listener, { once: true });
    xhr.addEventListener('progress', removed);
    xhr.removeEventListener('progress', removed);
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- handlers are what is tested
    xhr.onload = listener;
    // dicom-image-loader puts its own in this place.
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- handlers are what is tested
    xhr.onloadend = listener;
    expect(xhr.onload).toBe(listener);
    standIn.send();
    const event = standIn.emit('progress', { lengthComputable: true, loaded: 3, total: 4 });
    expect([(event as ProgressEvent).loaded, (event as ProgressEvent).total]).toEqual([3, 4]);
    standIn.emit('progress');
    standIn.emit('load');
    standIn.emit('loadend');
    expect(told).toEqual(['progress true', 'load true', 'load true']);
    expect(removed).not.toHaveBeenCalled();
  });

  it('knows what is listened to', () => {
    expect(standIn.listensTo(['load', 'error'])).toBeFalse();
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- handlers are what is tested
    xhr.onerror = () => undefined;
    expect(standIn.listensTo(['load', 'error'])).toBeTrue();
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- handlers are what is tested
    xhr.onerror = null;
    expect(standIn.listensTo(['load', 'error'])).toBeFalse();
    const listener = (): void => undefined;
    xhr.addEventListener('load', listener);
    expect(standIn.listensTo(['load', 'error'])).toBeTrue();
    xhr.removeEventListener('load', listener);
    expect(standIn.listensTo(['load', 'error'])).toBeFalse();
  });

  it('hears of an abort while the request is on its way', () => {
    xhr.open('GET', '/frame');
    xhr.abort();
    expect(aborts).toBe(0);
    standIn.send();
    xhr.abort();
    expect(aborts).toBe(1);
    standIn.end(undefined, null);
    xhr.abort();
    expect(aborts).toBe(1);
  });

  for (const [name, use] of [
    ['upload', () => xhr.upload],
    ['responseText', () => xhr.responseText],
    ['dispatchEvent', () => xhr.dispatchEvent(new Event('load'))],
    [
      'open',
      () => {
        xhr.open('POST', 'http://localhost/other');
      },
    ],
    [
      'open',
      () => {
        xhr.open('GET', 'http://localhost/other', true, 'user', 'password');
      },
    ],
  ] as [string, () => unknown][]) {
    it(`gives way to an XMLHttpRequest for ${name}, with all that was recorded`, () => {
      const listener = jasmine.createSpy('listener');
      xhr.open('GET', 'http://localhost/frame');
      const setHeader = spyOn(XMLHttpRequest.prototype, 'setRequestHeader');
      xhr.setRequestHeader('Authorization', 'Bearer token');
      xhr.timeout = 500;
      xhr.addEventListener('load', listener);
      // oxlint-disable-next-line unicorn/prefer-add-event-listener -- handlers are what is tested
      xhr.onload = listener;
      xhr.tag = 'mine';
      use();
      expect(tookOver).toEqual([name]);
      expect(standIn.real).toBe(real);
      expect(setHeader.calls.allArgs()).toEqual([['Authorization', 'Bearer token']]);
      expect(real?.readyState).toBe(1);
      expect(real?.timeout).toBe(500);
      expect(real?.onload).toBe(listener);
      expect((real as typeof xhr).tag).toBe('mine');
      listener.calls.reset();
      real?.dispatchEvent(new Event('load'));
      expect(listener.calls.count()).toBe(2);
      xhr.timeout = 700;
      expect(real?.timeout).toBe(700);
      expect(xhr.upload).toBe(real?.upload as XMLHttpRequestUpload);
    });
  }

  for (const [how, overwrite] of [
    [
      'assignment',
      () => {
        xhr.setRequestHeader = () => undefined;
      },
    ],
    [
      'definition',
      () => Object.defineProperty(xhr, 'setRequestHeader', { value: () => undefined }),
    ],
  ] as const) {
    it(`sees methods that are overwritten by ${how}`, () => {
      expect(standIn.overwritten).toBeUndefined();
      xhr.tag = 'mine';
      expect(standIn.overwritten).toBeUndefined();
      overwrite();
      expect(standIn.overwritten).toBe('setRequestHeader');
      xhr.setRequestHeader('X-Application', 'yes');
      expect(standIn.requestHeaders).toEqual([]);
      expect(tookOver).toEqual([]);
    });
  }

  it('says when it is too late for what it has not', () => {
    xhr.open('GET', '/frame');
    standIn.send();
    expect(xhr.upload).toBeInstanceOf(XMLHttpRequestUpload);
    expect(() => {
      xhr.send();
    }).toThrowError(DOMException);
    standIn.end(HEAD, undefined);
    expect(xhr.response).toBeNull();
    expect(tooLate).toEqual(['upload', 'send', 'response']);
    expect(tookOver).toEqual([]);
  });
});
