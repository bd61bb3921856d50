Object.freeze(module.exports);
module.exports = 5;
exports.x = 1;
console.log(module.exports, exports, require.cache[__filename].exports);
