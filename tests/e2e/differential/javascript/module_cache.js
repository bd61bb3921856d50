console.log(Object.keys(require.cache));
require('./helper');
console.log(Object.keys(require.cache), module.children.map((child) => child.id));
console.log(require.resolve('./helper'), require.resolve.paths('x'), require.resolve('fs'));
delete require.cache[require.resolve('./helper')];
require('./helper');
