import { defaultMaxInFlight, knownProtocol } from '../../src/api/options.js';

describe('defaultMaxInFlight', () => {
  for (const [protocol, isCompressed, cores, expected] of [
    ['http/1.1', false, 8, 10],
    [undefined, false, 8, 10],
    ['', false, 8, 10],
    ['http/1.1', true, 8, 16],
    [undefined, true, 2, 13],
    ['h2', false, 8, 20],
    ['h2', true, 8, 20],
    ['h3', false, 8, 20],
    ['http/1.1', false, 1, 7],
    ['h2', false, 3, 17],
  ] as const) {
    const what = isCompressed ? 'compressed frames, ' : '';
    it(`is ${expected} for ${what}${protocol ?? 'an unknown protocol'} and ${cores} cores`, () => {
      expect(defaultMaxInFlight(protocol, isCompressed, cores)).toBe(expected);
    });
  }
});

describe('knownProtocol', () => {
  beforeEach(() => {
    const entry = (name: string, nextHopProtocol: string) => ({ name, nextHopProtocol });
    spyOn(performance, 'getEntriesByType')
      .withArgs('resource')
      .and.returnValue([
        entry('https://pacs.test/studies', 'http/1.1'),
        entry('https://pacs.test/series', 'h2'),
        entry('https://pacs.test/opaque', ''),
        entry('https://pacs.test.other/', 'h3'),
        entry(`${location.origin}/page.js`, 'http/1.1'),
      ] as unknown as PerformanceEntryList);
  });

  it('is that of the last response of the host that said so', () => {
    expect(knownProtocol('wadors:https://pacs.test/studies/1/frames/1')).toBe('h2');
  });

  it('takes addresses relative to the page', () => {
    expect(knownProtocol('wadouri:/files/1.dcm')).toBe('http/1.1');
  });

  it('is not known of other hosts, ports and schemes', () => {
    expect(knownProtocol('wadors:https://elsewhere.test/frames/1')).toBeUndefined();
    expect(knownProtocol('wadors:https://pacs.test:8443/frames/1')).toBeUndefined();
    expect(knownProtocol('wadors:http://pacs.test/frames/1')).toBeUndefined();
  });

  it('is not known of what is no address', () => {
    expect(knownProtocol('wadors:http://[bad')).toBeUndefined();
  });
});
