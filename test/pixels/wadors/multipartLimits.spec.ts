import { readFrameBody } from '../../../src/pixels/wadors/multipartFrame.js';

const read = (body: string, contentType = 'multipart/related; boundary=b'): unknown =>
  readFrameBody(new TextEncoder().encode(body), contentType, 3, 'wadors:/a');

describe('A multipart response', () => {
  it('has no boundary behind a preamble of more than 64 KiB', () => {
    expect(() => read(`${'x\n'.repeat(33_000)}--b\r\n\r\nabc\r\n--b--`)).toThrowError(
      /begin with a boundary/,
    );
  });

  it('has no boundary of more than 256 bytes', () => {
    const line = `--${'a'.repeat(300)}`;
    expect(() => read(`${line}\r\n\r\nabc\r\n${line}--`, 'multipart/related')).toThrowError(
      /begin with a boundary/,
    );
  });

  it('has no more than 256 blanks behind a delimiter', () => {
    expect(() => read(`--b\r\n\r\nabc\r\n--b${' '.repeat(400)}\r\n`)).toThrowError(/cut off/);
  });

  it('is quoted with the beginning of its type', () => {
    for (const [type, outer] of [
      [`text/${'x'.repeat(9000)}`, 'multipart/related; boundary=b'],
      ['text/plain', `text/${'x'.repeat(9000)}`],
    ] as const) {
      const body = `--b\r\nContent-Type: ${type}\r\n\r\nabc\r\n--b--`;
      let message = '';
      try {
        read(body, outer);
      } catch (error) {
        ({ message } = error as Error);
      }
      expect(message).toMatch(/is text\/x+\.\.\. \(wadors:\/a\)/);
      expect(message.length).toBeLessThan(400);
    }
  });
});
