/** Emscripten's factories of the codecs, whose packages have no declarations. */

declare module '@cornerstonejs/codec-openjph/wasmjs' {
  const create: (options: object) => Promise<Readonly<Record<string, unknown>>>;
  export default create;
}
declare module '@cornerstonejs/codec-openjpeg/decodewasmjs' {
  const create: (options: object) => Promise<Readonly<Record<string, unknown>>>;
  export default create;
}
declare module '@cornerstonejs/codec-charls/decodewasmjs' {
  const create: (options: object) => Promise<Readonly<Record<string, unknown>>>;
  export default create;
}
declare module '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs' {
  const create: (options: object) => Promise<Readonly<Record<string, unknown>>>;
  export default create;
}
declare module '@cornerstonejs/codec-libjxl/decodewasmjs' {
  const create: (options: object) => Promise<Readonly<Record<string, unknown>>>;
  export default create;
}
