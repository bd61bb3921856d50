const crypto = require('crypto');
console.log('nonce math', Math.random(), Math.random());
console.log('nonce uuid', crypto.randomUUID());
console.log('nonce bytes', crypto.randomBytes(16).toString('hex'));
console.log('nonce values', crypto.webcrypto.getRandomValues(new Uint32Array(2)).join());
console.log('nonce int', crypto.randomInt(2 ** 47));
