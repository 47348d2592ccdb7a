import { isStreamingVolumeError } from '../../../src/index.js';
import { readFrameBody } from '../../../src/pixels/wadors/multipartFrame.js';
import { seededRandom } from '../../support/seededRandom.js';

const IMAGE_ID = 'wadors:https://pacs.test/instances/1/frames/1';
const ROUNDS = 50_000;

const latin1 = (text: string): number[] => Array.from(text, (c) => c.charCodeAt(0) & 0xff);

/** Chooses, by numbers that are the same in each run. */
class Chooser {
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)] as T;
  }

  /** Pixels in which much looks like an envelope. */
  pixels(boundary: string): number[] {
    return Array.from({ length: this.below(12) }, () =>
      this.of([
        [this.below(256)],
        [13],
        [10],
        [13, 10],
        latin1('--'),
        latin1(`\r\n--${boundary}`),
        latin1(`\r\n--${boundary}\r\n`),
        latin1(`\n--${boundary}--`),
        latin1('Content-Length: 3\r\n\r\n'),
      ]),
    ).flat();
  }
}

describe('readFrameBody, fuzzed,', () => {
  it(`takes the pixels out of ${ROUNDS} responses of any allowed form`, () => {
    const choose = new Chooser(9);
    for (let round = 0; round < ROUNDS; round++) {
      const boundary = choose.of(['abc', 'a-b', '-', "x'()+_,./:=?y", 'a b', '0'.repeat(70)]);
      const pixels = choose.pixels(boundary);
      const eol = choose.of(['\r\n', '\r\n', '\n']);
      const padding = choose.of(['', '', ' ', '\t ']);
      const knows = choose.of(['declared', 'native', 'both']);
      const length = knows === 'native' ? choose.of(['', '9999', '-1', 'x']) : `${pixels.length}`;
      const fields = [
        choose.of(['', 'Content-Type: image/jls', 'content-type:image/jls', 'X: y']),
        length === '' ? '' : choose.of([`Content-Length: ${length}`, `CONTENT-LENGTH:${length}`]),
        choose.of(['', `A:${eol} b`, 'Content-ID: <1>', 'no colon']),
      ].filter((field) => field !== '');
      const head =
        choose.of(['', eol, `A sentence.${eol}`, `--${boundary}x${eol}Two${eol}`]) +
        `--${boundary}${padding}${eol}${fields.map((field) => field + eol).join('')}${eol}`;
      const tail =
        `${eol}--${boundary}` +
        choose.of([
          '--',
          `--${padding}${eol}`,
          `--${eol}Epilogue`,
          `${padding}${eol}X: y${eol}${eol}`,
        ]);
      const response = Uint8Array.from([...latin1(head), ...pixels, ...latin1(tail)]);
      const name = choose.of([
        `boundary="${boundary}"`,
        `type="a/b"; Boundary = "${boundary}"; c=d`,
      ]);
      const nativeLength = knows === 'declared' ? 100_000 : pixels.length;
      const body = readFrameBody(response, `multipart/related; ${name}`, nativeLength, IMAGE_ID);
      const isRight =
        body.bytes.length === pixels.length && pixels.every((value, i) => body.bytes[i] === value);
      if (!isRight || body.bytes.buffer !== response.buffer) {
        fail(`Round ${round}: ${JSON.stringify(String.fromCharCode(...response))}`);
        return;
      }
    }
    expect().nothing();
  });

  it(`gives a piece of the response, or refuses it, for ${ROUNDS} responses of any form`, () => {
    const choose = new Chooser(10);
    let taken = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const pieces = Array.from({ length: choose.below(14) }, () =>
        choose.of([
          '--abc',
          '--abc--',
          '--',
          '\r\n',
          '\r\n',
          '\n',
          '\r',
          '\r\n\r\n',
          '\r\n--abc',
          '\r\n--abc--',
          '\n--abc--\n',
          ' ',
          ':',
          `Content-Length: ${choose.of(['0', '3', '-3', '99999999999999999999', '1e9', 'NaN', ''])}\r\n`,
          'Content-Type: image/jls\r\n',
          'Content-Type: text/html\r\n',
          'Content-Transfer-Encoding: base64\r\n',
          String.fromCharCode(choose.below(256), choose.below(256)),
        ]),
      );
      const response = Uint8Array.from(latin1(pieces.join('')));
      const type = choose.of([
        'multipart/related; boundary=abc',
        'multipart/related; boundary="abc',
        'multipart/related; boundary=""',
        'multipart/related',
        'Multipart/Mixed;;;boundary=;boundary=abc',
        '',
      ]);
      const nativeLength = choose.of([0, 2, 5, 2 ** 31, 2 ** 53, Number.NaN]);
      try {
        const { bytes } = readFrameBody(response, type, nativeLength, IMAGE_ID);
        taken += 1;
        if (bytes.buffer !== response.buffer || bytes.length > response.length) {
          fail(`Round ${round}: ${JSON.stringify(pieces.join(''))}`);
          return;
        }
      } catch (error) {
        if (!isStreamingVolumeError(error, 'frame-body')) {
          fail(`Round ${round}: ${String(error)} for ${JSON.stringify(pieces.join(''))}`);
          return;
        }
      }
    }
    expect(taken).toBeGreaterThan(ROUNDS / 20);
    expect(taken).toBeLessThan(ROUNDS);
  });

  for (const [name, piece] of [
    ['line ends', '\n'],
    ['CR', '\r'],
    ['dashes', '\r\n--'],
    ['beginnings of the delimiter', '\r\n--ab'],
    ['delimiters with blanks', `\r\n--abc${' '.repeat(300)}x`],
    ['empty parts of text', '\r\n--abc\r\nContent-Type: text/plain\r\n\r\n'],
    ['fields', 'A: b\r\n'],
    ['lines that go on', ' b\r\n'],
  ] as const) {
    it(`comes to an end soon with nothing but ${name}`, () => {
      const unit = latin1(piece);
      for (const head of ['', '--abc\r\n', '--abc\r\nContent-Type: image/jls\r\n\r\n']) {
        const response = new Uint8Array(2 ** 20);
        response.set(latin1(head));
        for (let at = head.length; at + unit.length <= response.length; at += unit.length) {
          response.set(unit, at);
        }
        try {
          const { bytes } = readFrameBody(response, 'multipart/related; boundary=abc', 3, IMAGE_ID);
          expect(bytes.buffer).toBe(response.buffer);
        } catch (error) {
          expect(isStreamingVolumeError(error, 'frame-body')).toBeTrue();
        }
      }
    });
  }
});
