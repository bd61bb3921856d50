const crypto = require('crypto');
const fs = require('fs');
const os = require('os');
const path = require('path');

console.log(Math.random());
console.log(crypto.randomUUID());
console.log(crypto.randomBytes(8).toString('hex'));
console.log(fs.mkdtempSync(path.join(os.tmpdir(), 'name-')));
console.log(crypto.generateKeyPairSync('ed25519').publicKey.export({type: 'spki', format: 'der'}).toString('hex'));
