console.log(require.main === module, module.id, module.filename, module.loaded, module.parent);
console.log(module.paths, module.path, module.children, require.main.filename);
console.log(__filename, __dirname, this === module.exports, this === exports, arguments.length);
console.log(Object.keys(module), Object.keys(require), module.constructor.name);
