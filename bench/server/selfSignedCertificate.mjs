import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

const DAY_IN_MS = 24 * 60 * 60 * 1000;

/** Tags of ASN.1 in DER (X.690). */
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const OBJECT_IDENTIFIER = 0x06;
const UTF8_STRING = 0x0c;
const UTC_TIME = 0x17;
const SEQUENCE = 0x30;
const SET = 0x31;

const ECDSA_WITH_SHA256 = objectIdentifier('2a8648ce3d040302');
const COMMON_NAME = objectIdentifier('550403');
const SUBJECT_ALTERNATIVE_NAME = objectIdentifier('551d11');

/**
 * Creates a self-signed certificate for 127.0.0.1 (RFC 5280) that expires tomorrow: browsers use HTTP/2 only
 * over TLS.
 *
 * @returns {{ key: string, cert: string }} PEM, for `node:tls`
 */
export function selfSignedCertificate() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = encode(
    SEQUENCE,
    encode(SET, encode(SEQUENCE, COMMON_NAME, encode(UTF8_STRING, Buffer.from('127.0.0.1')))),
  );
  const algorithm = encode(SEQUENCE, ECDSA_WITH_SHA256);
  const now = Date.now();
  const content = encode(
    SEQUENCE,
    encode(0xa0, encode(INTEGER, Buffer.from([2]))),
    // A leading 0x01 makes the number positive and of constant length.
    encode(INTEGER, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    name,
    encode(SEQUENCE, utcTime(now - DAY_IN_MS), utcTime(now + DAY_IN_MS)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    encode(0xa3, encode(SEQUENCE, alternativeName())),
  );
  const signature = Buffer.concat([Buffer.from([0]), sign('sha256', content, privateKey)]);
  const certificate = encode(SEQUENCE, content, algorithm, encode(BIT_STRING, signature));
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: toPem(certificate),
  };
}

function alternativeName() {
  const address = encode(0x87, Buffer.from([127, 0, 0, 1]));
  const names = encode(SEQUENCE, address);
  return encode(SEQUENCE, SUBJECT_ALTERNATIVE_NAME, encode(OCTET_STRING, names));
}

/**
 * @param {number} tag
 * @param {...Buffer} contents
 * @returns {Buffer}
 */
function encode(tag, ...contents) {
  const content = Buffer.concat(contents);
  const { length } = content;
  const head =
    length < 0x80
      ? [tag, length]
      : length < 0x100
        ? [tag, 0x81, length]
        : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), content]);
}

/** @param {string} hex */
function objectIdentifier(hex) {
  return encode(OBJECT_IDENTIFIER, Buffer.from(hex, 'hex'));
}

/** @param {number} time */
function utcTime(time) {
  const digits = new Date(time).toISOString().replace(/\D/g, '').slice(2, 14);
  return encode(UTC_TIME, Buffer.from(`${digits}Z`));
}

/** @param {Buffer} der */
function toPem(der) {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
