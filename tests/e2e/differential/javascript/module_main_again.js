console.log('runs', require.main === module);
if (!global.again) {
  global.again = true;
  console.log(require('./main') === module.exports, require.cache[__filename] === module);
}
