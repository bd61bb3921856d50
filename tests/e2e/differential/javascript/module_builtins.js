const { Module, builtinModules, globalPaths } = require('module');
console.log(builtinModules);
console.log(globalPaths, Module._extensions, Object.keys(Module._cache), Object.keys(Module._pathCache));
console.log(Module.wrap('x'), Module.isBuiltin('fs'), require('module') === Module);
