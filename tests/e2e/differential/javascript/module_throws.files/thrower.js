exports.run = function run() {
  throw new TypeError('from a module');
};
