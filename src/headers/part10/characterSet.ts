/** Encodings by the defined term of Specific Character Set (0008,0005) (PS3.3 C.12.1.1.2). */
const ENCODINGS: ReadonlyMap<string, string> = new Map([
  ['ISO_IR 13', 'shift_jis'],
  ['ISO_IR 100', 'iso-8859-1'],
  ['ISO_IR 101', 'iso-8859-2'],
  ['ISO_IR 109', 'iso-8859-3'],
  ['ISO_IR 110', 'iso-8859-4'],
  ['ISO_IR 126', 'iso-8859-7'],
  ['ISO_IR 127', 'iso-8859-6'],
  ['ISO_IR 138', 'iso-8859-8'],
  ['ISO_IR 144', 'iso-8859-5'],
  ['ISO_IR 148', 'windows-1254'],
  ['ISO_IR 166', 'windows-874'],
  ['ISO_IR 192', 'utf-8'],
  ['ISO_IR 203', 'iso-8859-15'],
  ['GB18030', 'gb18030'],
  ['GBK', 'gbk'],
]);

/**
 * How the texts of a header are to be decoded. Of several character sets the first counts: those that
 * a text switches to in between concern names, and no volume is made of these.
 *
 * @param specificCharacterSet - the element's value, as it stands in the file
 */
export function characterSetDecoder(
  specificCharacterSet: string | undefined,
): (bytes: Uint8Array) => string {
  const [term = ''] = (specificCharacterSet ?? '').split('\\');
  const decoder = new TextDecoder(ENCODINGS.get(term.trim()) ?? 'iso-8859-1');
  return (bytes) => decoder.decode(bytes);
}
