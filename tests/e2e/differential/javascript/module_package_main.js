console.log(require('.'), require('./'), module.paths[0]);
