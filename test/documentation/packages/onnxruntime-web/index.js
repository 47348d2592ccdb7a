/** In place of ONNX Runtime Web, which is large: what the code block of docs/recipes.md uses of it. */
export class Tensor {
  type;
  data;
  dims;

  constructor(type, data, dims) {
    this.type = type;
    this.data = data;
    this.dims = dims;
  }
}
