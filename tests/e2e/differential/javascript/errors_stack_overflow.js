function forever() {
  return forever() + 1;
}
try {
  forever();
} catch (error) {
  console.log(error instanceof RangeError, error.message);
}
let depth = 0;
(function count() { depth++; count(); }).call === 0;
try {
  (function count() { depth++; count(); })();
} catch {
  console.log(depth > 5000, depth < 20000);
}
forever();
