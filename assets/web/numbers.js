// Plain numbers, for a network that reads neither drawings nor photos.

function see(numbers) {
  const values = Array.from(numbers, Number);
  const wanted = network.input.reduce((a, b) => a * b);
  if (values.length !== wanted) {
    throw new RangeError(`The network reads ${wanted} numbers, got ${values.length}.`);
  }
  if (!values.every(Number.isFinite)) throw new TypeError("Every one of them should be a number, like 0.5 or -3.");
  return Float32Array.from(values);
}

function predict(numbers) {
  return answer(see(numbers));
}
