/**
 * The other side of the playground's benchmark: the same network as a graph of objects.
 *
 * Written after the algorithm that TensorFlow Playground describes and publishes
 * (https://github.com/tensorflow/playground, `nn.ts`): an object for each node and each link, one
 * example at a time forwards and backwards, slopes accumulated in the links, an update after each batch.
 */

const tanh = { value: (z) => Math.tanh(z), slope: (z) => 1 - Math.tanh(z) ** 2 };
const relu = { value: (z) => Math.max(0, z), slope: (z) => (z <= 0 ? 0 : 1) };
const logistic = (z) => 1 / (1 + Math.exp(-z));
const sigmoid = { value: logistic, slope: (z) => logistic(z) * (1 - logistic(z)) };
const ACTIVATIONS = { tanh, relu, sigmoid };

/** Cross-entropy by the output of a sigmoid. */
const lossSlope = (output, target) => (output - target) / (output * (1 - output));

class Node {
  constructor(activation) {
    this.activation = activation;
    this.inputLinks = [];
    this.outputLinks = [];
    this.bias = 0;
    this.totalInput = 0;
    this.output = 0;
    this.outputDer = 0;
    this.inputDer = 0;
    this.accumulated = 0;
    this.count = 0;
  }

  updateOutput() {
    this.totalInput = this.bias;
    for (let j = 0; j < this.inputLinks.length; j += 1) {
      const link = this.inputLinks[j];
      this.totalInput += link.weight * link.source.output;
    }
    this.output = this.activation.value(this.totalInput);
  }
}

class Link {
  constructor(source, target, weight) {
    this.source = source;
    this.target = target;
    this.weight = weight;
    this.slope = 0;
    this.accumulated = 0;
    this.count = 0;
  }
}

/** Layers of nodes, with the parameters of a flat list: rows of W[l], then b[l]. */
export function build(sizes, activation, theta) {
  let at = 0;
  const layers = [Array.from({ length: sizes[0] }, () => new Node(null))];
  for (let l = 1; l < sizes.length; l += 1) {
    const own = l === sizes.length - 1 ? sigmoid : ACTIVATIONS[activation];
    const layer = Array.from({ length: sizes[l] }, () => new Node(own));
    for (const node of layer) {
      for (const source of layers[l - 1]) {
        const link = new Link(source, node, theta[at]);
        source.outputLinks.push(link);
        node.inputLinks.push(link);
        at += 1;
      }
    }
    for (const node of layer) {
      node.bias = theta[at];
      at += 1;
    }
    layers.push(layer);
  }
  return layers;
}

export function forwardProp(layers, x) {
  for (let i = 0; i < x.length; i += 1) layers[0][i].output = x[i];
  for (let l = 1; l < layers.length; l += 1) {
    for (let i = 0; i < layers[l].length; i += 1) layers[l][i].updateOutput();
  }
}

export function backProp(layers, target) {
  const output = layers[layers.length - 1][0];
  output.outputDer = lossSlope(output.output, target);
  for (let l = layers.length - 1; l > 0; l -= 1) {
    const layer = layers[l];
    for (let i = 0; i < layer.length; i += 1) {
      const node = layer[i];
      node.inputDer = node.outputDer * node.activation.slope(node.totalInput);
      node.accumulated += node.inputDer;
      node.count += 1;
    }
    for (let i = 0; i < layer.length; i += 1) {
      const node = layer[i];
      for (let j = 0; j < node.inputLinks.length; j += 1) {
        const link = node.inputLinks[j];
        link.slope = node.inputDer * link.source.output;
        link.accumulated += link.slope;
        link.count += 1;
      }
    }
    if (l === 1) continue;
    for (let i = 0; i < layers[l - 1].length; i += 1) {
      const node = layers[l - 1][i];
      node.outputDer = 0;
      for (let j = 0; j < node.outputLinks.length; j += 1) {
        const link = node.outputLinks[j];
        node.outputDer += link.weight * link.target.inputDer;
      }
    }
  }
}

export function updateWeights(layers, rate) {
  for (let l = 1; l < layers.length; l += 1) {
    for (let i = 0; i < layers[l].length; i += 1) {
      const node = layers[l][i];
      node.bias -= (rate * node.accumulated) / node.count;
      node.accumulated = 0;
      node.count = 0;
      for (let j = 0; j < node.inputLinks.length; j += 1) {
        const link = node.inputLinks[j];
        link.weight -= (rate / link.count) * link.accumulated;
        link.accumulated = 0;
        link.count = 0;
      }
    }
  }
}

/** One pass through the data in the given order, an update after each batch. */
export function epoch(layers, X, y, rows, batch, rate) {
  for (let k = 0; k < rows.length; k += 1) {
    forwardProp(layers, X[rows[k]]);
    backProp(layers, y[rows[k]]);
    if ((k + 1) % batch === 0 || k + 1 === rows.length) updateWeights(layers, rate);
  }
}

/** The parameters as a flat list again. */
export function parameters(layers) {
  return layers.slice(1).flatMap((layer) => [
    ...layer.flatMap((node) => node.inputLinks.map((link) => link.weight)), ...layer.map((node) => node.bias),
  ]);
}
