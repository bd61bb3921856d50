console.log('log');
console.error('error');
console.info('info');
console.warn('warn');
console.debug('debug');
console.log('%s is %d and %i, %f, %j %o %O %c%%', 'x', 42.5, 42.5, '1.5', { a: 1 }, [1], { b: {} }, 'css');
console.assert(1 === 2, 'assertion %s', 'text');
console.trace('trace');
