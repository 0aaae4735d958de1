// ConvNetJS as a peer of the file format's tests: the library itself, asked line by line.
// A line is {"defs": layer definitions, "seed"} or {"net": a saved network}, and "inputs", a list
// of pictures as flat lists (row, column, channel). The answer is {"net": saved, "outputs": lists}.
// The first argument is the folder that holds node_modules/convnetjs.
'use strict';
const path = require('path');
const readline = require('readline');
const js = require(path.join(path.resolve(process.argv[2]), 'node_modules', 'convnetjs'));

const answer = console.log;
console.log = () => {};  // ConvNetJS warns there

function make(defs, seed) {
  const net = new js.Net();
  net.makeLayers(defs);
  let state = seed;
  const random = () => {  // within -1 to 1, from a linear congruence
    state = 16807 * state % 2147483647;
    return state / 1073741824 - 1;
  };
  for (const {params} of net.getParamsAndGrads()) {  // biases too
    for (let i = 0; i < params.length; i++) params[i] = random() * Math.sqrt(3 / params.length);
  }
  return net;
}

function load(saved) {
  const net = new js.Net();
  net.fromJSON(saved);
  return net;
}

function run(net, input) {
  const {out_sx, out_sy, out_depth} = net.layers[0];
  const volume = new js.Vol(out_sx, out_sy, out_depth, 0);
  input.forEach((value, i) => { volume.w[i] = value; });
  return Array.from(net.forward(volume).w);
}

readline.createInterface({input: process.stdin}).on('line', (line) => {
  const {defs, seed, net: saved, inputs} = JSON.parse(line);
  const net = defs ? make(defs, seed) : load(saved);
  answer(JSON.stringify({net: net.toJSON(), outputs: inputs.map((x) => run(net, x))}));
});
