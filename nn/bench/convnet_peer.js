// ConvNetJS as a peer of the engine's benchmark.
// Reads a line of JSON {"case": name, "count": examples} and answers {"us": microseconds for each}.
// The first argument is the folder that holds node_modules/convnetjs.
'use strict';
const path = require('path');
const readline = require('readline');
const js = require(path.join(path.resolve(process.argv[2]), 'node_modules', 'convnetjs'));

const conv = (sx, filters, pad) =>
  ({type: 'conv', sx, filters, stride: 1, pad, activation: 'relu'});
const pool = (sx) => ({type: 'pool', sx, stride: sx});
const NETS = {
  badger: [[32, 32, 3], conv(3, 8, 0), pool(2), conv(3, 16, 0), pool(2), {type: 'softmax', num_classes: 2}],
  mnist: [[24, 24, 1], conv(5, 8, 2), pool(2), conv(5, 16, 2), pool(3), {type: 'softmax', num_classes: 10}],
  cifar: [[32, 32, 3], conv(5, 16, 2), pool(2), conv(5, 20, 2), pool(2), conv(5, 20, 2), pool(2),
    {type: 'softmax', num_classes: 10}],
};

function sketch() {  // sigmoid outputs under a squared error: put together by hand
  const net = new js.Net();
  const dense = (inputs, units) => new js.FullyConnLayer(
    {num_neurons: units, in_sx: 1, in_sy: 1, in_depth: inputs});
  const size = (depth) => ({in_sx: 1, in_sy: 1, in_depth: depth});
  net.layers = [new js.InputLayer({out_sx: 1, out_sy: 1, out_depth: 36}), dense(36, 12),
    new js.SigmoidLayer(size(12)), dense(12, 2), new js.SigmoidLayer(size(2)),
    new js.RegressionLayer(size(2))];
  return net;
}

function network(name) {
  if (name === 'sketch') return [sketch(), new js.Vol(1, 1, 36), [0, 1]];
  const [[sx, sy, depth], ...layers] = NETS[name];
  const net = new js.Net();
  net.makeLayers([{type: 'input', out_sx: sx, out_sy: sy, out_depth: depth}, ...layers]);
  return [net, new js.Vol(sx, sy, depth), 1];
}

const made = {};
function make(spec) {
  const [net, x, y] = network(spec.preset);
  const picture = new Float32Array(x.w.length).map(() => Math.random());
  if (spec.predict) return () => { x.w.set(picture); return net.forward(x).w; };
  const trainer = new js.Trainer(net, {method: spec.method, batch_size: spec.batch,
    learning_rate: 0.01, momentum: 0, l2_decay: 0, ro: 0.95, eps: 1e-6});
  const label = Array.isArray(y) ? y.indexOf(1) : y;
  return () => {
    x.w.set(picture);
    const {loss} = trainer.train(x, y);
    const scores = net.layers[net.layers.length - 1].out_act.w;
    return [loss, Number(scores.indexOf(Math.max(...scores)) === label)];
  };
}

readline.createInterface({input: process.stdin}).on('line', (line) => {
  const spec = JSON.parse(line);
  const run = made[spec.name] = made[spec.name] || make(spec);
  const start = process.hrtime.bigint();
  for (let i = 0; i < spec.count; i++) run();
  const us = Number(process.hrtime.bigint() - start) / 1000 / spec.count;
  console.log(JSON.stringify({us}));
});
