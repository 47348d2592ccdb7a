/** In place of ONNX Runtime Web, which is large: what the code block of docs/recipes.md uses of it. */
export class Tensor {
  constructor(type, data, dims) {
    Object.assign(this, { type, data, dims });
  }
}
