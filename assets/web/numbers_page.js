// Numbers typed or pasted.

const field = byId("numbers");

function changed() {
  const words = field.value.split(/[\s,;]+/).filter(Boolean);
  byId("clear").disabled = !field.value;
  try {
    show(words.length ? net.see(words) : null);
  } catch (error) {
    show(null);
    complain(error.message);
  }
}

field.placeholder = Array.from({ length: Math.min(network.input.reduce((a, b) => a * b), 12) }, () => "0").join(" ");
field.addEventListener("input", changed);
byId("clear").addEventListener("click", () => {
  field.value = "";
  changed();
  field.focus();
});
window.predict = net.predict;
changed();
