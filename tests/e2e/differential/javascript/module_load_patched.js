const Module = require('module');
const asked = [];
const original = Module._load;
Module._load = function (name, parent, main) {
  asked.push([name, parent && parent.id, main]);
  return original.apply(this, arguments);
};
require('./helper');
require('fs');
console.log(asked, Module.runMain.name, Module._initPaths.name, Module._preloadModules.name);
