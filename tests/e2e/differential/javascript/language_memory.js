try {
  new Array(-1);
} catch (error) {
  console.log(error.message);
}
try {
  'x'.repeat(2 ** 30);
} catch (error) {
  console.log(error.message);
}
new ArrayBuffer(2 ** 53);
